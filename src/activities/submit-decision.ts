import type { Intent, Receipt, Submission, Verdict } from '../contracts/journal.ts';
import type { Charge } from '../contracts/money.ts';
import { endOf } from '../ledger/build-record.ts';

/** What the journal says must happen when submission n of a scrape is asked for. */
export type SubmitDecision =
  /** A result is stored: nothing more is to be bought or collected. */
  | { kind: 'stored' }
  /** Bought and not yet collected, by this submission or an earlier one. */
  | { kind: 'receipt'; receipt: Receipt }
  /** Submission n ended without a result. */
  | { kind: 'ended'; verdict: Verdict }
  /** Submission n was given up: nobody can tell whether it bought something. */
  | { kind: 'unknown'; possiblySpent: Charge; why?: string }
  /** Submission n bought nothing, and that is proven: the next one may. */
  | { kind: 'absent' }
  /** An intent without an answer, of any submission: somebody is sending, or died while sending. */
  | { kind: 'open'; intent: Intent }
  /** Free to buy, as this try. */
  | { kind: 'buy'; try: number };

/**
 * The heart of "pay once", as a pure function of the journal: `buy` comes out only when no earlier try or submission
 * can still turn into a purchase. A receipt of any submission comes first, also a late one that arrived after its
 * submission was given up as unknown.
 */
export function decideSubmit(submissions: readonly Submission[], n: number): SubmitDecision {
  if (endOf(submissions)) return { kind: 'stored' };
  const uncollected = submissions.find(({ receipt, verdict }) => receipt && !verdict);
  if (uncollected?.receipt) return { kind: 'receipt', receipt: uncollected.receipt };
  const doubtful = submissions.find(isOpen);
  if (doubtful) return { kind: 'open', intent: doubtful.intent };
  const submission = submissions.find((candidate) => candidate.n === n);
  if (!submission) return { kind: 'buy', try: 1 };
  if (submission.verdict) return { kind: 'ended', verdict: submission.verdict };
  if (submission.refused ?? submission.intent.withdrawn)
    return { kind: 'buy', try: submission.intent.try + 1 };
  const { unknown, intent } = submission;
  if (unknown?.absent) return { kind: 'absent' };
  return {
    kind: 'unknown',
    possiblySpent: unknown?.possiblySpent ?? intent.bound,
    ...(unknown && { why: unknown.message }),
  };
}

/** Whether somebody may be sending this submission, or died while sending it, and nobody has settled it yet. */
function isOpen({ intent, refused, receipt, unknown, verdict }: Submission): boolean {
  return !intent.withdrawn && !refused && !receipt && !unknown && !verdict;
}
