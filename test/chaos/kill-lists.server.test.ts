import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIST_FAULT_POINTS } from '../../src/activities/fault-points.ts';
import { ending, uniquePrompt } from '../support/scrapes.ts';
import { createWorld } from './world.ts';
import type { ChaosWorld } from './world.ts';

/** Whether the answer to the purchase has to be lost for the point to be reached. */
const LOSES_ANSWER: Record<(typeof LIST_FAULT_POINTS)[number], boolean> = {
  'collect:listed': false,
  'collect:told': false,
  'sweep:answered': true,
  'sweep:adopted': true,
  'sweep:written': true,
  'reconcile:settled': true,
};

let world: ChaosWorld;
beforeAll(async () => {
  // Several databases share the account here, each with a collector of its own, which no limit allows for.
  const limits = {
    total: null,
    lists: null,
    idList: null,
    errors: null,
    userData: null,
    status: null,
    aiInFlight: null,
  };
  world = await createWorld({ speed: 60, dataforseo: { knobs: { durationMs: 1_000, limits } } });
});
afterAll(() => world.close());

it('has a case for every step of what is done for many', () => {
  expect(Object.keys(LOSES_ANSWER).sort()).toEqual([...LIST_FAULT_POINTS].sort());
});

// Most of the time of each is a heartbeat and the pace of a provider's lists.
describe.concurrent('a worker killed with -9', () => {
  it.for(LIST_FAULT_POINTS)('at %s: bought once, collected, every dollar named', async (point) => {
    const space = await world.newDatabase();
    const prompt = uniquePrompt();
    if (LOSES_ANSWER[point]) {
      const steps = [{ fault: 'drop-after' as const }];
      await world.control.dataforseo.script({ on: 'call', call: 'task_post', keyword: prompt, steps });
    }
    const handle = await space.client.workflow.start('scrapeWorkflow', {
      taskQueue: 'gleaner',
      workflowId: `scrape/test/${point}`,
      args: [{ scraper: 'dataforseo/google-organic', prompt }],
    });
    const doomed = await world.startWorker(space, {
      dataforseo: true,
      signalAt: { point, nth: 1, signal: 'SIGKILL' },
    });
    expect(await doomed.exited).toEqual({ code: null, signal: 'SIGKILL' });
    const healthy = await world.startWorker(space, { dataforseo: true });

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
