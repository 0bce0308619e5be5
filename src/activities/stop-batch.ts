import type { ScrapeInput, ScrapeRef } from '../contracts/scrape.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailures, failure } from './failure-table.ts';

export interface StopBatchInput {
  batchId: string;
  /** The run that was cancelled, and the one that it was reset from. */
  runIds: string[];
}

/**
 * Marks a cancelled batch in the store, where `submit` looks right before it buys. The cancel itself reaches thousands of
 * scrapes one by one, which takes minutes; the mark stops all of them at once (docs/decisions/0018-stop-mark.md).
 */
export async function stopBatchRuns(deps: ActivityDeps, { batchId, runIds }: StopBatchInput): Promise<void> {
  return asFailures(async () => {
    for (const runId of runIds) {
      await deps.store.batches.stopRun(batchId, runId);
      await deps.fault('cancel:marked');
    }
  });
}

/** From one try of a stopped scrape to the next, if the cancel has not reached it by then. */
const STOPPED_RETRY_MS = 60_000;

/**
 * The retryable `BatchStopped` if the run of the batch that began this scrape was cancelled: the scrape's own cancel is on
 * its way, and ends it as one of which nothing was bought. Where it does not come, the next attempt sends one
 * (pass-stop-on.ts).
 */
export async function stoppedFailure(
  deps: ActivityDeps,
  ref: ScrapeRef,
  { batchId, batchRun }: ScrapeInput,
): Promise<Error | undefined> {
  if (batchId === undefined || batchRun === undefined) return undefined;
  if (!(await deps.store.batches.isRunStopped(batchId, batchRun))) return undefined;
  return failure('BatchStopped', `${ref.scrapeId}: ${batchId} was cancelled; nothing was bought`, {
    retryAfterMs: STOPPED_RETRY_MS,
  });
}
