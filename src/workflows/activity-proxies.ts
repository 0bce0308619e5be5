import {
  ActivityCancellationType,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type {
  ListActivities,
  ReadActivities,
  StoreActivities,
  SubmitActivities,
} from '../activities/create-activities.ts';
import { listQueue, readQueue, submitQueue } from '../contracts/ids.ts';
import type { ScrapeRef } from '../contracts/scrape.ts';
import { splitScraper } from '../contracts/scrapers.ts';
import type { ProviderName } from '../contracts/scrapers.ts';

/** A worker that died is noticed after this long; see activities/with-heartbeat.ts. */
const HEARTBEAT_TIMEOUT = '10 seconds';

/**
 * Buying. Retried for as long as it takes: the journal makes a repeated attempt safe, and an account without funds or a
 * provider in trouble must not fail a scrape. Only `SubmitOutcomeUnknown` and final refusals end it.
 */
export function submitActivities(ref: ScrapeRef): ReturnType<typeof proxyActivities<SubmitActivities>> {
  // Above the request's own deadline (30 s) plus what the store may take, so that the answer is never cut off.
  return buyingActivities(ref, '90 seconds');
}

/** Buying many at a time: the same, with time for the journals of all of them. `ref`: one of them. */
export function pageActivities(ref: ScrapeRef): ReturnType<typeof proxyActivities<SubmitActivities>> {
  return buyingActivities(ref, '3 minutes');
}

function buyingActivities(
  ref: ScrapeRef,
  startToCloseTimeout: '90 seconds' | '3 minutes',
): ReturnType<typeof proxyActivities<SubmitActivities>> {
  const { provider } = splitScraper(ref.scraper);
  return proxyActivities<SubmitActivities>({
    taskQueue: submitQueue(workflowInfo().taskQueue, provider, ref.account),
    startToCloseTimeout,
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    // A cancel must learn whether the request that is in flight bought something.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: {
      // A refused submit is asked again after 2 s, then slower up to a minute; a provider's Retry-After overrides it.
      initialInterval: '2 seconds',
      backoffCoefficient: 2,
      maximumInterval: '1 minute',
      nonRetryableErrorTypes: ['SubmitOutcomeUnknown'],
    },
  });
}

/** Looking and collecting: free, so it is retried until the task has ended. */
export function readActivities(ref: ScrapeRef): ReturnType<typeof proxyActivities<ReadActivities>> {
  const { provider } = splitScraper(ref.scraper);
  return proxyActivities<ReadActivities>({
    taskQueue: readQueue(workflowInfo().taskQueue, provider, ref.account),
    // Above the look's own deadline (60 s) plus storing a large body.
    startToCloseTimeout: '3 minutes',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    // A hint makes the next look a new activity; what the old one may still be doing is safe beside it.
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    // `check` says itself when it looks again; this is for a look that could not say anything, such as one whose worker
    // died. It does not grow: the attempts are looks, so their number says nothing of trouble.
    retry: { initialInterval: '5 seconds', backoffCoefficient: 1 },
  });
}

/** An account's lists: free calls that a collector makes for everybody, for minutes at a time. */
export function listActivities(
  provider: ProviderName,
  account: string,
): ReturnType<typeof proxyActivities<ListActivities>> {
  return proxyActivities<ListActivities>({
    taskQueue: listQueue(workflowInfo().taskQueue, provider, account),
    // A run of `collect` is fifteen minutes, ten more if nothing is wanted at its end; a sweep of a busy account takes a
    // call for every thousand purchases.
    startToCloseTimeout: '1 hour',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    // The next run must not begin before this one has ended: both together would pass the provider's limit.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    // Every failure says itself when the next attempt is due; this is for a worker that died or was stopped.
    retry: { initialInterval: '2 seconds', backoffCoefficient: 1 },
  });
}

/** The store and Temporal itself; a full disk is waited out. */
export const storeActivities = proxyActivities<StoreActivities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/**
 * What is a few files' work and must not wait in a queue, done inside the workflow task: one event instead of six and a
 * second workflow task. Whoever calls it has another way if it fails.
 */
export const localActivities = proxyLocalActivities<Pick<StoreActivities, 'takePosted'>>({
  startToCloseTimeout: '30 seconds',
  retry: { maximumAttempts: 1 },
});
