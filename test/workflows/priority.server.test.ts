import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectTo } from '../client/gleaner-support.ts';
import { newBatch, startBatch } from '../support/batches.ts';
import { uniquePrompt, until } from '../support/scrapes.ts';
import { createSystem, type TestSystem } from '../support/system.ts';

const PER_SECOND = 5;
/** A second's worth that the queue had handed out, and what was on its way. */
const NEXT_FEW = 2 * PER_SECOND;

let system: TestSystem;
beforeAll(async () => {
  system = await createSystem(
    { speed: 1, knobs: { attemptFailureRate: 0, durationMs: 60_000 } },
    { submitsPerSecond: PER_SECOND },
  );
});
afterAll(() => system.close());

it('a single scrape is bought among the next few, however many of a batch wait for the account', async () => {
  const gleaner = await connectTo(system);
  // Nobody buys until more wait than could be bought meanwhile.
  await system.stopWorkers();
  const planners = await system.startWorkers({}, []);
  const prompts = Array.from({ length: 200 }, (_, i) => `question ${i} of full`);
  const input = newBatch({ window: 200, prompts, scrapers: ['scrapellm/chatgpt'] });
  const handle = await startBatch(system, input);
  await until(async () => (await backlog()) > 150, 'more than 150 wait to be bought');
  await planners.stop(); // one process may poll a queue once only
  await system.startWorkers();
  await until(async () => (await bought()).length > 0, 'the first of them is bought');

  const prompt = uniquePrompt();
  const { scrapeId } = await gleaner.startScrape({ scraper: 'scrapellm/chatgpt', prompt });
  const scheduled = await until(
    async () => (await isQueued(scrapeId)) && (await bought()).length,
    'it waits too',
  );
  await until(async () => (await system.store.journal.read(scrapeId, 1))?.receipt, 'it is bought');
  const order = await bought();
  const position = order.indexOf(prompt) + 1 - scheduled;
  expect(position).toBeLessThanOrEqual(NEXT_FEW);
  expect(await backlog()).toBeGreaterThan(0); // the batch's still wait
  await handle.cancel();
});

async function bought(): Promise<string[]> {
  return (await system.control.ledger()).jobs.map((job) => job.prompt);
}

/** Whether its purchase has been handed to the queue, be it taken already. */
async function isQueued(scrapeId: string): Promise<boolean> {
  const { events } = await system.client.workflow.getHandle(scrapeId).fetchHistory();
  return (events ?? []).some((event) => event.activityTaskScheduledEventAttributes);
}

async function backlog(): Promise<number> {
  const { stats } = await system.client.workflowService.describeTaskQueue({
    namespace: system.namespace,
    taskQueue: { name: 'gleaner/scrapellm/default/submit' },
    taskQueueType: 2, // oxlint-disable-line typescript/no-unsafe-enum-assignment -- activities; the enum is not in our dependencies
    reportStats: true,
  });
  return Number(stats?.approximateBacklogCount ?? 0);
}
