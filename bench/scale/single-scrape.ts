import type { Gleaner } from '../../src/client/connect-gleaner.ts';
import { DEFAULT_ACCOUNT, DEFAULT_TASK_QUEUE, submitQueue } from '../../src/contracts/ids.ts';
import type { SimulatorControl } from '../../src/simulator/control.ts';
import { SINGLE } from './questions.ts';
import { untilTrue } from './until-true.ts';

export interface StartedSingle {
  /** Right before the client was asked to start it. */
  atMs: number;
  /** Purchases of the batch that waited in the account's queue then, as the server counts them. */
  queuedBefore: number;
}

/** Somebody wants one answer now, while the batch fills the account. Returns when the provider has made its job. */
export async function startSingle(
  gleaner: Gleaner,
  control: SimulatorControl,
  signal: AbortSignal,
): Promise<StartedSingle> {
  const queuedBefore = await countQueued(gleaner);
  const atMs = Date.now();
  await gleaner.startScrape({ scraper: SINGLE.scraper, prompt: SINGLE.prompt }, { id: SINGLE.scrapeId });
  const isBought = async () => (await control.ledger(SINGLE.prompt)).jobs.length > 0;
  await untilTrue(isBought, 'the single scrape is bought', { timeoutMs: 600_000, everyMs: 200, signal });
  return { atMs, queuedBefore };
}

/** Submits that the server holds back, all of them of the batch. */
async function countQueued(gleaner: Gleaner): Promise<number> {
  const { client, namespace } = await gleaner.temporal();
  const { stats } = await client.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: submitQueue(DEFAULT_TASK_QUEUE, 'scrapellm', DEFAULT_ACCOUNT) },
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- TASK_QUEUE_TYPE_ACTIVITY; the enum is in a package that is no direct dependency
    taskQueueType: 2,
    reportStats: true,
  });
  return Number(stats?.approximateBacklogCount ?? 0);
}
