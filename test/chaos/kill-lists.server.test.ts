import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIST_FAULT_POINTS } from '../../src/activities/fault-points.ts';
import { ending, uniquePrompt } from '../support/scrapes.ts';
import { createWorld } from './world.ts';
import type { ChaosWorld } from './world.ts';

/** What becomes of the purchase's answer, so that the point is reached. */
const FAULTS: Record<(typeof LIST_FAULT_POINTS)[number], 'none' | 'drop-before' | 'drop-after'> = {
  'collect:listed': 'none',
  'collect:told': 'none',
  'sweep:answered': 'drop-after',
  'sweep:adopted': 'drop-after',
  'sweep:written': 'drop-after',
  // What was taken is settled by the sweep; what was not, by who waits for it.
  'reconcile:settled': 'drop-before',
};

/** An account a case: they share nothing, neither limits nor lists. */
const loginOf = (point: string): string => point.replace(':', '-');

let world: ChaosWorld;
beforeAll(async () => {
  const accounts = Object.fromEntries(
    LIST_FAULT_POINTS.map((point) => [loginOf(point), { password: 'secret', usdMicros: 1_000_000 }]),
  );
  world = await createWorld({ speed: 60, dataforseo: { accounts, knobs: { durationMs: 1_000 } } });
});
afterAll(() => world.close());

it('has a case for every step of what is done for many', () => {
  expect(Object.keys(FAULTS).sort()).toEqual([...LIST_FAULT_POINTS].sort());
});

// Most of the time of each is a heartbeat and the pace of a provider's lists.
describe.concurrent('a worker killed with -9', () => {
  it.for(LIST_FAULT_POINTS)('at %s: bought once, collected, every dollar named', async (point) => {
    const space = await world.newDatabase();
    const prompt = uniquePrompt();
    const steps = [{ fault: FAULTS[point] }];
    await world.control.dataforseo.script({ on: 'call', call: 'task_post', keyword: prompt, steps });
    const handle = await space.client.workflow.start('scrapeWorkflow', {
      taskQueue: 'gleaner',
      workflowId: `scrape/test/${point}`,
      args: [{ scraper: 'dataforseo/google-organic', prompt }],
    });
    const own = {
      dataForSeoKey: `${loginOf(point)}:secret`,
      // Short, so that a search that missed what the provider took would be taken for proof, and buy a second time.
      proof: { aloneAfterMs: 4_000, askAgainMs: 2_000 },
    };
    const doomed = await world.startWorker(space, { ...own, signalAt: { point, nth: 1, signal: 'SIGKILL' } });
    expect(await doomed.exited).toEqual({ code: null, signal: 'SIGKILL' });
    const healthy = await world.startWorker(space, own);

    const { record } = await ending(handle);
    await healthy.kill();
    const { tasks } = await world.control.dataforseo.ledger({ keyword: prompt });
    expect(tasks).toHaveLength(1);
    expect(record).toMatchObject({
      outcome: 'done',
      submissions: 1,
      charge: { usdMicros: tasks[0]?.chargedMicros },
      possiblySpent: {},
    });
  });
});
