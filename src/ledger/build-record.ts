import type { Failure } from '../contracts/failures.ts';
import type { Submission } from '../contracts/journal.ts';
import type { Outcome } from '../contracts/outcomes.ts';
import type { ScrapeRecord, ScrapeRef } from '../contracts/scrape.ts';
import { spendOf } from './spend.ts';

/** How a scrape ended, as far as the journal alone does not say. */
export interface Ending {
  outcome: Outcome;
  failure?: Failure;
}

/** The one line of a scrape, made whole from its journal each time; pure, so a lost record can be written again. */
export function buildRecord(
  ref: ScrapeRef,
  submissions: readonly Submission[],
  ending: Ending,
  simulated: boolean,
): ScrapeRecord {
  const { charge, possiblySpent, refundExpected, submissions: count } = spendOf(submissions);
  const last = submissions.findLast((submission) => submission.receipt);
  const verdict = endOf(submissions) ?? last?.verdict;
  const begun = submissions.findLast(({ intent }) => !intent.withdrawn)?.intent;
  return {
    ...ref,
    // The account that it was bought on, where the input named none.
    account: submissions[0]?.intent.account ?? ref.account,
    outcome: ending.outcome,
    submissions: count,
    charge,
    possiblySpent,
    refundExpected,
    ...(begun && { begunAt: begun.createdAt }),
    ...(last?.receipt && { submittedAt: last.receipt.submittedAt }),
    ...(verdict?.readyAt && { readyAt: verdict.readyAt }),
    ...(verdict?.result && { collectedAt: verdict.at, result: verdict.result }),
    ...(ending.failure && { failure: ending.failure }),
    simulated,
  };
}

/** The verdict that brought a result, if any submission's did. */
export function endOf(submissions: readonly Submission[]): Submission['verdict'] {
  return submissions.find(({ verdict }) => verdict?.outcome === 'done' || verdict?.outcome === 'empty')
    ?.verdict;
}
