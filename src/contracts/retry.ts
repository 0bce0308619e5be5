import type { Failure } from './failures.ts';
import type { Submission } from './journal.ts';
import type { Charge } from './money.ts';
import type { Outcome } from './outcomes.ts';
import type { Params } from './scrape.ts';

/** What a retry may take up; what brought a result is never touched. */
export const RETRIED_OUTCOMES = [
  'failed',
  'expired',
  'unknown',
  'cancelled',
  'refused',
] as const satisfies readonly Outcome[];
export type RetriedOutcome = (typeof RETRIED_OUTCOMES)[number];

/** A retry as the store keeps it under its number, written once: which scrapes are bought once more, and how. */
export interface RetryPlan {
  batchId: string;
  /** The retry's number, from 1. */
  n: number;
  only: RetriedOutcome[];
  /** Parameters in which its purchases differ from the batch's. */
  set: Params;
  createdAt: string;
  /** Scrapes that it lists. */
  total: number;
  /** The most that they can cost: each is bought at most once. */
  bound: Charge;
  /** Pages of the batch that have scrapes in it. */
  pages: number[];
}

/** One scrape of a retry. */
export interface RetryRow {
  scrapeId: string;
  /** The submission that the retry buys; those before it have ended, or are collected first. */
  from: number;
  /** All parameters of the new purchase. */
  params: Params;
  bound: Charge;
}

/** What a scrape's input says of the retry that it is part of. */
export interface ScrapeRetry {
  /** The retry's number. */
  n: number;
  /** The one submission that it may buy. */
  from: number;
  /** How the submissions before it ended; absent if nothing was bought by them, or they are still to be settled. */
  last?: Failure;
}

/** The submission that a retry buys: the first that has bought nothing and of which nobody doubts it. */
export function nextSubmission(submissions: readonly Submission[]): number {
  const last = submissions.at(-1);
  if (!last) return 1;
  return boughtNothing(last) ? last.n : last.n + 1;
}

/** Whether a submission's last try was refused or withdrawn, so that another try of it may follow. */
export function boughtNothing({ refused, intent, receipt }: Submission): boolean {
  return receipt === undefined && (refused !== undefined || intent.withdrawn === true);
}

/** Whether a submission is bought and not collected, or perhaps bought and not settled. */
export function isOwed(submission: Submission): boolean {
  const { receipt, unknown, verdict } = submission;
  return !verdict && (receipt !== undefined || !(boughtNothing(submission) || unknown));
}

/** How the last purchase before submission `from` ended, in the words of a record; undefined if nothing was bought. */
export function lastFailure(submissions: readonly Submission[], from: number): Failure | undefined {
  const last = submissions.findLast(
    (submission) => submission.n < from && !boughtNothing(submission) && !submission.unknown?.absent,
  );
  if (!last || isOwed(last)) return undefined;
  const { verdict, unknown } = last;
  if (verdict?.failure) return verdict.failure;
  if (verdict) return { type: 'TaskFailed', message: `submission ${last.n} ended as ${verdict.outcome}` };
  return { type: 'SubmitOutcomeUnknown', message: unknown?.message ?? 'its answer was lost' };
}
