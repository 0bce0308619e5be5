import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Gleaner } from '../../src/client/connect-gleaner.ts';
import { createPageSystem, questions } from '../support/pages.ts';
import type { PageSystem } from '../support/pages.ts';
import { connectTo } from './gleaner-support.ts';

let system: PageSystem;
let gleaner: Gleaner;
beforeAll(async () => {
  system = await createPageSystem();
  gleaner = await connectTo(system, { accounts: [system.account, system.dataforseo] });
});
afterAll(async () => {
  await gleaner.close();
  await system.close();
});

it('finds nothing after a mixed batch with faults but the refunds that the provider withholds', async () => {
  await system.control.setKnobs({ attemptFailureRate: 0.3 });
  await system.control.dataforseo.setKnobs({
    aiOverviewRate: 0.3,
    taskFaults: { 'engine-error': 0.1, 'no-results': 0.1, 'execution-failed': 0.1, 'refund-withheld': 0.5 },
    readFaults: { 'garbage-body': 0.05 },
    searchLagMs: 0,
  });
  const scrapers = ['dataforseo/google-ai-overview', 'dataforseo/chatgpt', 'scrapellm/chatgpt'];
  await system.run({ name: 'faults', prompts: questions(10), scrapers });
  await system.control.dataforseo.setKnobs({ readFaults: {} });
  let waitedMs = 0;
  const clock = {
    now: () => performance.now() + waitedMs,
    wall: () => Date.now() + waitedMs,
    sleep: async (ms: number) => {
      waitedMs += ms;
      await system.control.advance(Math.ceil(ms));
    },
  };
  const { findings, checked, spend } = await gleaner.audit({ clock, batchId: 'batch/faults' });

  const { tasks, totals } = await system.control.dataforseo.ledger();
  const withheld = tasks.filter(({ refundWithheldMicros }) => refundWithheldMicros > 0);
  expect(withheld.length).toBeGreaterThan(0);
  expect(findings.map(({ code, taskId, charge }) => ({ code, taskId, charge }))).toEqual(
    expect.arrayContaining(
      withheld.map(({ id, refundWithheldMicros }) => ({
        code: 'refund-owed',
        taskId: id,
        charge: { usdMicros: refundWithheldMicros },
      })),
    ),
  );
  expect(findings).toHaveLength(withheld.length);
  expect(checked).toMatchObject({ scrapes: 30, purchases: totals.tasks });
  expect(spend.charge.usdMicros).toBe(totals.chargedMicros);
});
