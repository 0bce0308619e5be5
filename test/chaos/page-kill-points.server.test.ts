import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGE_FAULT_POINTS } from '../../src/activities/fault-points.ts';
import type { TestNamespace } from '../support/namespace.ts';
import { createWorld, startBatch } from './world.ts';
import type { ChaosWorld } from './world.ts';
import { SIMULATOR_PASSWORD } from '../../src/contracts/simulator-credentials.ts';

const ROWS = 4;

type PagePoint = (typeof PAGE_FAULT_POINTS)[number];

/** What must be true of a page of four after a death there. */
interface Expected {
  tasks: 0 | typeof ROWS | 'as many as are done';
  /** The fewest and the most: how many entries were written just then is left to chance. */
  done: readonly [number, number];
}

const EXPECTED: Record<PagePoint, Expected> = {
  'page:before-intents': { tasks: ROWS, done: [ROWS, ROWS] },
  'page:intent-written': { tasks: 'as many as are done', done: [0, ROWS - 1] },
  'page:intents-written': { tasks: 0, done: [0, 0] },
  'page:request-sent': { tasks: ROWS, done: [0, 0] },
  'page:answer-received': { tasks: ROWS, done: [0, 0] },
  'page:receipt-written': { tasks: ROWS, done: [1, ROWS] },
  'page:outcomes-written': { tasks: ROWS, done: [ROWS, ROWS] },
};

let world: ChaosWorld;
let space: TestNamespace;
beforeAll(async () => {
  const accounts = PAGE_FAULT_POINTS.map((point) => [
    loginOf(point),
    { password: SIMULATOR_PASSWORD, usdMicros: 1_000_000 },
  ]);
  world = await createWorld({
    speed: 1_000,
    dataforseo: { accounts: Object.fromEntries(accounts), knobs: { durationMs: 200 } },
  });
  space = await world.newDatabase();
});
afterAll(() => world.close());

it('has a case for every step of buying a page', () => {
  expect(Object.keys(EXPECTED).sort()).toEqual([...PAGE_FAULT_POINTS].sort());
});

describe.concurrent('a worker that buys a page and is killed with -9', () => {
  it.for(PAGE_FAULT_POINTS)('at %s: nothing bought twice, nothing lost, every cent named', async (point) => {
    const expected = EXPECTED[point];
    const own = {
      taskQueue: `gleaner-${randomUUID()}`,
      dataForSeoKey: `${loginOf(point)}:${SIMULATOR_PASSWORD}`,
    };
    const prompts = Array.from({ length: ROWS }, (_, n) => `kettle ${n} of ${point}`);
    if (point === 'page:request-sent') {
      // The answer is held back, so that the worker dies between its request and the answer.
      const steps = [{ fault: 'slow' as const, ms: 5_000 }];
      const keyword = prompts[0] ?? '';
      await world.control.dataforseo.script({ on: 'call', call: 'task_post', keyword, steps });
    }
    const name = point.replace(':', '-');
    const input = { name, prompts, scrapers: ['dataforseo/google-images'] };
    const handle = await startBatch(space, input, own.taskQueue);

    const doomed = await world.startWorker(space, {
      ...own,
      signalAt: { point, nth: 1, signal: 'SIGKILL' },
    });
    expect(await doomed.exited).toEqual({ code: null, signal: 'SIGKILL' });
    const healthy = await world.startWorker(space, own);
    const record = await handle.result();
    await healthy.kill();

    const { done, unknown } = record.counts;
    expect(done + unknown).toBe(ROWS);
    expect(done).toBeGreaterThanOrEqual(expected.done[0]);
    expect(done).toBeLessThanOrEqual(expected.done[1]);
    const ledger = await world.control.dataforseo.ledger();
    const tasks = ledger.tasks.filter(({ login }) => login === loginOf(point));
    expect(tasks).toHaveLength(expected.tasks === 'as many as are done' ? done : expected.tasks);
    expect(new Set(tasks.map(({ keyword }) => keyword)).size).toBe(tasks.length);
    expect(tasks.filter(({ firstCollectedAt }) => firstCollectedAt !== null)).toHaveLength(done);
    const [price = 0] = tasks.map(({ chargedMicros }) => chargedMicros);
    expect(record.charge.usdMicros ?? 0).toBe(done * price);
    expect(record.possiblySpent.usdMicros ?? 0).toBeGreaterThanOrEqual(unknown * price);
  });
});

function loginOf(point: string): string {
  return point.replace(':', '-');
}
