import type { Receipt, Submission, Verdict } from '../contracts/journal.ts';
import { addCharges, isFree, withoutCharge } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import type { ScrapeFacts } from './audit-facts.ts';
import { endOf } from './build-record.ts';
import { differencesOf, isSame } from './record-differences.ts';
import { spendOf } from './spend.ts';

type Stored = Pick<ScrapeFacts, 'submissions' | 'record' | 'damagedResults'>;

/** What may be done about a scrape without a backup. */
export type Mending =
  /** Its workflow collects what is open, and writes the record from the journal. */
  | { kind: 'collect' }
  /** The record tells the whole verdict that the journal lacks, and its result is stored. */
  | { kind: 'verdict'; verdict: Verdict }
  /** Something that only a backup has is gone: whatever wrote the record anew would forget it. */
  | { kind: 'leave' };

/**
 * Decides whether a scrape's record may be written anew from its journal. It may not where the record knows more: of
 * submissions, of money, or of a result that the journal has no verdict for.
 */
export function mendingOf(scrape: Stored, nowMs: number): Mending {
  const { record, submissions, damagedResults } = scrape;
  if (lostMoney(scrape) || submissions.some(lacksReceipt)) return { kind: 'leave' };
  if (record && lacksVerdict(scrape)) {
    const isWhole = record.result !== undefined && damagedResults.length === 0;
    const verdict = isWhole ? verdictOfRecord(scrape) : undefined;
    if (verdict) return { kind: 'verdict', verdict };
    const isKept = submissions.every(
      ({ receipt, verdict }) => verdict ?? !(receipt && isPast(receipt, nowMs)),
    );
    // One that expired does so again, for the same money.
    return !isWhole && (isKept || record.outcome === 'expired') ? { kind: 'collect' } : { kind: 'leave' };
  }
  return tellsOfMore(scrape) ? { kind: 'leave' } : { kind: 'collect' };
}

/** What the record tells of submissions that the journal does not have; undefined if it has them all. */
export function lostMoney({
  record,
  submissions,
}: Pick<Stored, 'record' | 'submissions'>): Charge | undefined {
  const known = spendOf(submissions);
  // One that was terminated in doubt may turn out to have bought less often than its record says; no other may.
  const most = record && isVerdictOutcome(record.outcome) ? known.submissions : submissions.length;
  if (!record || record.submissions <= most) return undefined;
  return withoutCharge(
    addCharges(record.charge, record.possiblySpent),
    addCharges(known.charge, known.possiblySpent),
  );
}

/** An entry that must be there, because a later one is. */
export function lacksReceipt({ receipt, verdict }: Submission): boolean {
  return verdict !== undefined && receipt === undefined;
}

/** Whether the record tells of an end that no verdict in the journal tells of. */
export function lacksVerdict({ record, submissions }: Pick<Stored, 'record' | 'submissions'>): boolean {
  if (!record || !isVerdictOutcome(record.outcome)) return false;
  // A scrape can end as failed by a purchase that could not be repeated; then its last verdict failed all the same.
  if (!submissions.some(({ verdict }) => verdict?.outcome === record.outcome)) return true;
  // One that was given up as unknown may have come to light after the end.
  const isOpen = submissions.some(({ receipt, verdict, unknown }) => receipt && !verdict && !unknown);
  return isOpen && record.submissions === spendOf(submissions).submissions;
}

/** Whether the record tells of charges that the journal does not have; a charge in a journal never goes away. */
export function tellsOfMore({ record, submissions }: Pick<Stored, 'record' | 'submissions'>): boolean {
  if (!record || !isVerdictOutcome(record.outcome)) return false;
  const { charge, possiblySpent } = spendOf(submissions);
  return !isFree(withoutCharge(record.charge, addCharges(charge, possiblySpent)));
}

/** Whether the provider need not have it any more. */
export function isPast({ submittedAt, plan }: Receipt, nowMs: number): boolean {
  return nowMs - Date.parse(submittedAt) > plan.retentionMs;
}

function isVerdictOutcome(outcome: string): outcome is Verdict['outcome'] {
  return outcome === 'done' || outcome === 'empty' || outcome === 'failed' || outcome === 'expired';
}

/** The one verdict with which the journal would make this very record; undefined if there is a doubt. */
function verdictOfRecord({
  record,
  submissions,
}: Pick<Stored, 'record' | 'submissions'>): Verdict | undefined {
  const [open, ...more] = submissions.filter(({ receipt, verdict }) => receipt && !verdict);
  if (!record?.result || record.collectedAt === undefined || endOf(submissions)) return undefined;
  if (!open?.receipt || more.length > 0) return undefined;
  if (record.outcome !== 'done' && record.outcome !== 'empty') return undefined;
  const { scrapeId, n } = open;
  const { outcome, collectedAt: at, readyAt, result } = record;
  const withVerdict = (charge: Charge, refundExpected: Charge): Verdict => ({
    scrapeId,
    n,
    outcome,
    charge,
    refundExpected,
    at,
    ...(readyAt !== undefined && { readyAt }),
    result,
  });
  const journalWith = (verdict: Verdict): Submission[] =>
    submissions.map((one) => (one.n === n ? { ...one, verdict } : one));
  const others = spendOf(journalWith(withVerdict({}, {})));
  const verdict = withVerdict(
    withoutCharge(record.charge, others.charge),
    withoutCharge(record.refundExpected, others.refundExpected),
  );
  // A duplicate that was found since is not in the record's sum.
  const isSure = isSame(verdict.charge, open.receipt.charge) || !submissions.some((one) => one.duplicates);
  return isSure && differencesOf({ submissions: journalWith(verdict) }, record).length === 0
    ? verdict
    : undefined;
}
