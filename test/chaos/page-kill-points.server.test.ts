import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGE_FAULT_POINTS } from '../../src/activities/fault-points.ts';
import type { TestNamespace } from '../support/namespace.ts';
import { counts } from '../support/batches.ts';
import { createWorld, startBatch } from './world.ts';
import type { ChaosWorld } from './world.ts';
import { SIMULATOR_PASSWORD } from '../../src/contracts/simulator-credentials.ts';

const ROWS = 4;

/** The simulated list of purchases does not lag: a purchase that it does not show soon was not made. */
const FAST_PROOF = { witnessedAfterMs: 2_000, aloneAfterMs: 4_000, askAgainMs: 2_000 };

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

describe.concurrent('a worker that buys a page and is killed with -9', () => {
  // Each buys with an account of its own. Whatever was in doubt, a search settles.
  it.for(PAGE_FAULT_POINTS)('at %s: nothing bought twice, nothing lost, every cent named', async (point) => {
    const own = {
      taskQueue: `gleaner-${randomUUID()}`,
      dataForSeoKey: `${loginOf(point)}:${SIMULATOR_PASSWORD}`,
      proof: FAST_PROOF,
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

    expect(record.counts).toEqual(counts({ done: ROWS }));
    expect(record.possiblySpent).toEqual({});
    const ledger = await world.control.dataforseo.ledger();
    const tasks = ledger.tasks.filter(({ login }) => login === loginOf(point));
    expect(tasks.map(({ keyword }) => keyword).sort()).toEqual(prompts);
    expect(tasks.filter(({ firstCollectedAt }) => firstCollectedAt === null)).toEqual([]);
    expect(record.charge.usdMicros).toBe(tasks.reduce((sum, task) => sum + task.chargedMicros, 0));
  });
});

function loginOf(point: string): string {
  return point.replace(':', '-');
}
