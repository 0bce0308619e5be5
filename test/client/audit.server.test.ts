import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditOptions, AuditReport } from '../../src/client/audit.ts';
import type { Gleaner } from '../../src/client/connect-gleaner.ts';
import { scrapeFolder } from '../../src/store/hashes.ts';
import { ending, start, uniquePrompt, until } from '../support/scrapes.ts';
import { createSystem } from '../support/system.ts';
import type { TestSystem } from '../support/system.ts';
import { connectTo } from './gleaner-support.ts';

let system: TestSystem;
let gleaner: Gleaner;
beforeAll(async () => {
  system = await createSystem(
    { speed: 60, dataforseo: { knobs: { durationMs: 500, listLagMs: 0, searchLagMs: 0 } } },
    {
      collecting: {
        runMs: 60_000,
        idleCheckMs: 5_000,
        quietMs: 5_000,
        lingerMs: 5_000,
        wantGapMs: 1_000,
        sweepGapMs: 1_000,
      },
    },
  );
  gleaner = await connectTo(system, { accounts: [system.account, system.dataforseo] });
});
afterAll(async () => {
  await gleaner.close();
  await system.close();
});

/** Waits in the simulator's time: an audit keeps its calls apart. */
function audit(options: AuditOptions = {}): Promise<AuditReport> {
  let waitedMs = 0;
  const clock = {
    now: () => performance.now() + waitedMs,
    wall: () => Date.now() + waitedMs,
    sleep: async (ms: number) => {
      waitedMs += ms;
      await system.control.advance(Math.ceil(ms));
    },
  };
  return gleaner.audit({ clock, ...options });
}

const codes = ({ findings }: AuditReport): string[] =>
  findings.map(({ code, scrapeId }) => `${code} ${scrapeId}`).sort();
const tasksOf = async (prompt: string) => (await system.control.dataforseo.ledger({ keyword: prompt })).tasks;
const buy = (prompt: string) => start(system, { scraper: 'dataforseo/google-images', prompt });

it('is clean after scrapes of both providers; adopts what was terminated, lost or deleted, and buys nothing', async () => {
  const [done, terminated, lost, refused] = [uniquePrompt(), uniquePrompt(), uniquePrompt(), uniquePrompt()];
  const first = await buy(done);
  const other = await start(system, { prompt: uniquePrompt() });
  expect([await ending(first), await ending(other)]).toMatchObject([
    { type: 'completed' },
    { type: 'completed' },
  ]);
  const before = await audit();
  expect(before).toMatchObject({ clean: true, findings: [], checked: { scrapes: 2, purchases: 1 } });
  expect(before.notes.join()).toContain('scrapellm has no list of purchases');

  // Three scrapes that are ended from outside: with a receipt, with a lost answer, with a refusal.
  await system.control.dataforseo.setKnobs({ durationMs: 3_600_000 });
  const bought = await buy(terminated);
  await until(async () => (await system.store.journal.read(bought.workflowId, 1))?.receipt, 'it is bought');
  const script = (keyword: string, fault: 'drop-after' | 'root-error') =>
    system.control.dataforseo.script({
      on: 'call',
      call: 'task_post',
      keyword,
      steps: [{ fault, code: 40_202 }],
    });
  await script(lost, 'drop-after');
  const gone = await buy(lost);
  await until(async () => (await tasksOf(lost)).length === 1, 'the provider has taken it');
  await script(refused, 'root-error');
  const never = await buy(refused);
  await until(async () => (await system.store.journal.read(never.workflowId, 1))?.refused, 'it is refused');
  for (const handle of [bought, gone, never]) await handle.terminate('by a test');
  await rm(join(system.store.location, 'records', `${scrapeFolder(first.workflowId)}.json`));
  const settledBy = (await system.store.journal.read(gone.workflowId, 1))?.intent.settledBy ?? '';
  await until(async () => Date.now() > Date.parse(settledBy), 'nobody can be writing its receipt');

  const damaged = [
    `lost-purchase ${gone.workflowId}`,
    `record-missing ${first.workflowId}`,
    `terminated ${bought.workflowId}`,
    `terminated ${gone.workflowId}`,
    `terminated ${never.workflowId}`,
  ].sort();
  expect(codes(await audit())).toEqual(damaged);
  expect(await system.store.records.read(first.workflowId)).toBeUndefined();
  const posts = (await system.control.dataforseo.state()).calls['task_post'];
  const report = await audit({ adopt: true });
  expect(codes(report)).toEqual(damaged);
  expect(new Set(report.adopted.map(({ scrapeId }) => scrapeId)).size).toBe(4);
  await system.control.dataforseo.ready();

  const outcomes = await Promise.all(
    [first, bought, gone, never].map(async ({ workflowId }) =>
      until(
        async () => (await system.store.records.read(workflowId))?.outcome,
        `${workflowId} has an outcome`,
      ),
    ),
  );
  expect(outcomes).toEqual(['done', 'done', 'done', 'refused']);
  expect((await system.control.dataforseo.state()).calls['task_post']).toBe(posts);
  for (const prompt of [done, terminated, lost]) expect(await tasksOf(prompt)).toHaveLength(1);
  expect(await audit()).toMatchObject({ clean: true });
  expect((await system.control.dataforseo.state()).limitViolations).toEqual({});
});
