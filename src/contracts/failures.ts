/**
 * Types of the failures that activities throw: a public contract, because people filter on them in the Temporal UI.
 * The first group is final; the second is retried by Temporal and shows as the pending activity's last failure.
 */
export const FINAL_FAILURES = [
  'InvalidInput',
  'BudgetExceeded',
  'ProviderRejected',
  'TaskFailed',
  'TaskExpired',
  'SubmitOutcomeUnknown',
] as const;
export const RETRYABLE_FAILURES = [
  'RateLimited',
  'ProviderUnavailable',
  'NetworkError',
  'AccountBlocked',
  'StoreUnavailable',
  /** No trouble at all: the task is bought and has not ended, and `check` looks again when its poll plan says so. */
  'Pending',
  'BatchStopped',
  /** An account's cap is reserved in full by purchases under way, which may give some of it back. */
  'CapReached',
] as const;
export type FailureType = (typeof FINAL_FAILURES)[number] | (typeof RETRYABLE_FAILURES)[number];

/** What a record says about a scrape that did not succeed. */
export interface Failure {
  type: FailureType | 'Cancelled' | 'Terminated';
  /** What happened, to which scrape, what it cost, what to do next; at most 2 KB. */
  message: string;
}

/** Failure messages are stored in every history they touch, so they are cut. */
const MAX_MESSAGE_CHARS = 2_000;

export function cutMessage(message: string): string {
  return message.length <= MAX_MESSAGE_CHARS ? message : `${message.slice(0, MAX_MESSAGE_CHARS - 1)}…`;
}
