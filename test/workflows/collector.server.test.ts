import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccountGate } from '../../src/activities/account-gate.ts';
import { BLOCKED_FIX, checkBlocked } from '../../src/cli/doctor-blocked.ts';
import type { Finding } from '../../src/cli/finding.ts';
import { collectorId } from '../../src/contracts/ids.ts';
import type { LedgerTask } from '../../src/simulator/dataforseo/ledger.ts';
import { connectTo } from '../client/gleaner-support.ts';
import { ending, eventsOf, pendingFailure, start, uniquePrompt, until } from '../support/scrapes.ts';
import { createSystem } from '../support/system.ts';
import type { TestSystem } from '../support/system.ts';

const COLLECTOR = collectorId('dataforseo', 'simulator');

let system: TestSystem;
beforeAll(async () => {
  system = await createSystem(
    { speed: 60, dataforseo: { knobs: { durationMs: 3_000 } } },
    {
      gate: createAccountGate(() => performance.now(), 1_000),
      collecting: {
        runMs: 60_000,
        idleCheckMs: 5_000,
        quietMs: 5_000,
        lingerMs: 5_000,
        wantGapMs: 3_000,
        sweepGapMs: 1_000,
      },
      proof: {
        witnessedAfterMs: 2_000,
        aloneAfterMs: 4_000,
        clockSlackMs: 60_000,
        windowMarginMs: 30_000,
        askAgainMs: 1_000,
      },
    },
  );
});
afterAll(() => system.close());

const tasksOf = async (prompt: string): Promise<LedgerTask[]> =>
  (await system.control.dataforseo.ledger({ keyword: prompt })).tasks;

const buy = (prompt: string, more: { scraper?: string; maxSubmissions?: number } = {}) =>
  start(system, { scraper: 'dataforseo/google-organic', prompt, ...more });

describe('scrapes of a provider with ready lists', () => {
  it('are all collected by hints: one look each, 25 events at most, and a collector that ends when nobody waits', async () => {
    const scrapers = ['dataforseo/google-organic', 'dataforseo/gemini'];
    const handles = await Promise.all(
      Array.from({ length: 20 }, (_, n) => buy(uniquePrompt(), { scraper: scrapers[n % 2] ?? '' })),
    );
    for (const handle of handles) {
      const { type, record } = await ending(handle);
      expect({ type, outcome: record?.outcome }).toMatchObject({ type: 'completed', outcome: 'done' });
      expect((await eventsOf(system, handle.workflowId)).length).toBeLessThanOrEqual(25);
    }
    const { calls, limitViolations, peaksPerMinute } = await system.control.dataforseo.state();
    expect(calls['task_get']).toBe(handles.length);
    expect(limitViolations).toEqual({});
    expect(peaksPerMinute['lists serp']).toBeLessThanOrEqual(18);

    const collector = system.client.workflow.getHandle(COLLECTOR);
    await until(
      async () => (await collector.describe()).status.name === 'COMPLETED',
      'the collector has ended',
    );
    const events = await eventsOf(system, COLLECTOR);
    console.log(`the collector needed ${events.length} events`);
    expect(events.length).toBeLessThanOrEqual(30);
    const asked = (await system.control.dataforseo.state()).calls['tasks_ready'];
    await new Promise((resolve) => setTimeout(resolve, 4_000)); // longer than from one list to the next
    expect((await system.control.dataforseo.state()).calls['tasks_ready']).toBe(asked);
  });

  it('say why lists cannot be read, and are collected when they can', async () => {
    const steps = [40_203, 40_100].map((code) => ({ fault: 'root-error' as const, code }));
    await system.control.dataforseo.script({ on: 'call', call: 'tasks_ready', steps });
    const handle = await buy(uniquePrompt());
    const why = await until(() => pendingFailure(system, COLLECTOR), 'the collector says why it waits');
    expect(why).toMatch(/^AccountBlocked: ready list .*40203/);
    // Once it is asked again the reason is gone.
    const { waiting } = await (await connectTo(system)).scrapeStatus(handle.workflowId);
    expect(waiting ?? `${COLLECTOR}: AccountBlocked: 40203`).toMatch(
      /^collector\/.*: AccountBlocked: .*40203/,
    );
    expect((await ending(handle)).record?.outcome).toBe('done');
  });
});

describe('an account that may not buy', () => {
  it('is said by the pending activity, by status, by doctor and by the details, and fails nothing', async () => {
    const prompt = uniquePrompt();
    const steps = Array.from({ length: 4 }, () => ({ fault: 'root-error' as const, code: 40_203 }));
    await system.control.dataforseo.script({ on: 'call', call: 'task_post', keyword: prompt, steps });
    const handle = await buy(prompt);
    const why = await until(() => pendingFailure(system, handle.workflowId), 'the reason is shown');
    expect(why).toMatch(/^AccountBlocked: DataForSEO says 40203/);
    const gleaner = await connectTo(system);
    const waiting = await until(
      async () => (await gleaner.scrapeStatus(handle.workflowId)).waiting,
      'status says it',
    );
    expect(waiting).toMatch(/^AccountBlocked: .*40203/);
    const temporal = await gleaner.temporal();
    const findings = await until(async () => {
      const found: Finding[] = [];
      await checkBlocked(temporal, (finding) => found.push(finding));
      return found.length > 0 && found;
    }, 'doctor says it');
    expect(findings).toMatchObject([{ level: 'fail', what: 'account', fix: BLOCKED_FIX }]);
    expect(findings[0]?.detail).toContain('40203');
    const { currentDetails } = await handle.query<{ currentDetails?: string }>(
      '__temporal_workflow_metadata',
    );
    expect(currentDetails).toContain('last failure of its pending activity');
    expect((await ending(handle)).record).toMatchObject({ outcome: 'done', submissions: 1 });
    expect(await tasksOf(prompt)).toHaveLength(1);
  });
});

describe('a purchase of such a provider whose answer was lost', () => {
  it('is found in the list of purchases, adopted and billed once', async () => {
    const prompt = uniquePrompt();
    await system.control.dataforseo.script({
      on: 'call',
      call: 'task_post',
      keyword: prompt,
      steps: [{ fault: 'drop-after' }],
    });
    const { record } = await ending(await buy(prompt));
    expect(record).toMatchObject({
      outcome: 'done',
      submissions: 1,
      charge: { usdMicros: 600 },
      possiblySpent: {},
    });
    expect(await tasksOf(prompt)).toHaveLength(1);
  });

  it('is proven absent and bought as the next submission, or refused where there may be none', async () => {
    const [twice, once] = [uniquePrompt(), uniquePrompt()];
    for (const keyword of [twice, once]) {
      const steps = [{ fault: 'drop-before' as const }];
      await system.control.dataforseo.script({ on: 'call', call: 'task_post', keyword, steps });
    }
    const handles = [await buy(twice), await buy(once, { maxSubmissions: 1 })] as const;
    const [again, refused] = await Promise.all(handles.map(ending));
    expect(again?.record).toMatchObject({ outcome: 'done', submissions: 1, charge: { usdMicros: 600 } });
    expect(await tasksOf(twice)).toHaveLength(1);
    expect(refused).toMatchObject({ type: 'refused', record: { charge: {}, possiblySpent: {} } });
    expect(await tasksOf(once)).toHaveLength(0);
  });
});
