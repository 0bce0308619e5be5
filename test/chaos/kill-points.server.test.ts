import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCRAPE_FAULT_POINTS } from '../../src/activities/fault-points.ts';
import type { ScrapeRecord } from '../../src/contracts/scrape.ts';
import type { LedgerJob } from '../../src/simulator/ledger.ts';
import type { TestNamespace } from '../support/namespace.ts';
import { ending, uniquePrompt } from '../support/scrapes.ts';
import { createWorld, startScrape } from './world.ts';
import type { ChaosWorld } from './world.ts';

/** What must be true after a death there: how many jobs the provider made, how often it gave its answer, how it ends. */
interface Expected {
  jobs: 0 | 1;
  /** Once more than needed if the answer was not yet kept; never again after the verdict. */
  collected?: 1 | 2;
  outcome: 'done' | 'unknown';
}

type ScrapePoint = (typeof SCRAPE_FAULT_POINTS)[number];

/** Only tasks with several forms come there. */
type InOtherTests = 'check:variant-stored';
const IN_OTHER_TESTS: InOtherTests[] = ['check:variant-stored']; // kill-variants.server.test.ts

const EXPECTED: Record<Exclude<ScrapePoint, InOtherTests>, Expected> = {
  'submit:before-intent': { jobs: 1, collected: 1, outcome: 'done' },
  'submit:after-intent': { jobs: 0, outcome: 'unknown' },
  'submit:request-sent': { jobs: 1, outcome: 'unknown' },
  'submit:answer-received': { jobs: 1, outcome: 'unknown' },
  'submit:receipt-written': { jobs: 1, collected: 1, outcome: 'done' },
  'check:answer-received': { jobs: 1, collected: 2, outcome: 'done' },
  'check:result-stored': { jobs: 1, collected: 2, outcome: 'done' },
  'check:verdict-written': { jobs: 1, collected: 1, outcome: 'done' },
  'check:record-written': { jobs: 1, collected: 1, outcome: 'done' },
};

const POINTS = Object.keys(EXPECTED) as Array<keyof typeof EXPECTED>; // its keys are spelled out above

const MONEY = {
  done: { charge: { credits: 3 }, possiblySpent: {} },
  unknown: { charge: {}, possiblySpent: { credits: 3 } },
};

let world: ChaosWorld;
let space: TestNamespace;
beforeAll(async () => {
  world = await createWorld({ knobs: { attemptFailureRate: 0, durationMs: 200 } });
  space = await world.newDatabase();
});
afterAll(() => world.close());

it('has a case for every step of the paid path', () => {
  expect([...POINTS, ...IN_OTHER_TESTS].sort()).toEqual([...SCRAPE_FAULT_POINTS].sort());
});

// Each case has its own queues, prompt and key, so that they can run side by side: most of their time is a heartbeat.
describe.concurrent('a worker killed with -9', () => {
  it.for(POINTS)('at %s: bought at most once, collected, every credit named', async (point) => {
    const expected = EXPECTED[point];
    const own = { taskQueue: `gleaner-${randomUUID()}`, key: `key-${randomUUID()}` };
    const prompt = uniquePrompt();
    await world.control.fund(own.key, 100);
    if (point === 'submit:request-sent') {
      // The answer is held back, so that the worker dies between its request and the answer.
      await world.control.script({ on: 'submit', key: own.key, steps: [{ fault: 'slow', ms: 5_000 }] });
    }
    const handle = await startScrape(space, { prompt, taskQueue: own.taskQueue });

    const doomed = await world.startWorker(space, {
      ...own,
      signalAt: { point, nth: 1, signal: 'SIGKILL' },
    });
    expect(await doomed.exited).toEqual({ code: null, signal: 'SIGKILL' });
    const healthy = await world.startWorker(space, own);

    const { type, record } = await ending(handle);
    await healthy.kill();
    const { jobs } = await world.control.ledger(prompt);
    expect(jobs).toHaveLength(expected.jobs);
    expect(await world.store.records.read(handle.workflowId)).toEqual(record);
    expect(type).toBe(expected.outcome === 'done' ? 'completed' : 'unknown');
    expect(record).toMatchObject({ outcome: expected.outcome, submissions: 1, ...MONEY[expected.outcome] });
    expect(jobs[0]?.collected ?? 0).toBe(expected.collected ?? 0);
    if (expected.outcome === 'done') await expectCollected(record, jobs[0]);
  });
});

/** The stored body is that job's, and what the record says of it is true. */
async function expectCollected(record: ScrapeRecord | undefined, job: LedgerJob | undefined): Promise<void> {
  const ref = record?.result;
  if (!ref) throw new Error('the record has no result');
  const raw = await world.store.results.readRaw(ref);
  expect(createHash('sha256').update(raw).digest('hex')).toBe(ref.sha256);
  expect(JSON.parse(new TextDecoder().decode(raw))).toMatchObject({ job_id: job?.jobId, status: 'done' });
  expect((await world.store.results.readAnswer(ref))?.text).not.toBe('');
}
