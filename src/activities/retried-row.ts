import type { PageRow } from '../contracts/batch.ts';
import { isFree } from '../contracts/money.ts';
import { isFinal, isSuccess } from '../contracts/outcomes.ts';
import { boughtNothing, isOwed, lastFailure } from '../contracts/retry.ts';
import type { RetryRow } from '../contracts/retry.ts';
import { toRef } from '../contracts/to-ref.ts';
import { countsAgainstCeiling, spendOf } from '../ledger/spend.ts';
import type { ActivityDeps } from './deps.ts';
import type { RowState } from './load-page.ts';
import { settleRecord } from './settle-record.ts';

/** What a retry lists of a page, by scrape; nothing if it is none. */
export async function retriedRows(
  deps: ActivityDeps,
  { batchId, page, retry }: { batchId: string; page: number; retry?: number | undefined },
): Promise<ReadonlyMap<string, RetryRow>> {
  const rows = retry === undefined ? [] : await deps.store.retries.readPage(batchId, retry, page);
  return new Map(rows.map((row) => [row.scrapeId, row]));
}

/**
 * How a scrape stands that a retry lists. It is settled once it has a result, or a record of the one submission that the
 * retry may buy: read again after a lost database or a reset, a retry goes on and never begins anew.
 */
export async function retriedState(
  deps: ActivityDeps,
  { scrapeId, input }: Pick<PageRow, 'scrapeId' | 'input'>,
  { from, params, bound }: RetryRow,
  n: number,
): Promise<RowState> {
  const submissions = await deps.store.journal.readAll(scrapeId);
  const spend = spendOf(submissions);
  const spent = countsAgainstCeiling(spend);
  if (submissions.some(({ verdict }) => verdict && isSuccess(verdict.outcome))) {
    return { spent, record: await settleRecord(deps, toRef(scrapeId, input), submissions) };
  }
  const record = await deps.store.records.read(scrapeId);
  const owed = submissions.some(isOwed);
  const isTried = submissions.some((submission) => submission.n >= from && !boughtNothing(submission));
  // A record with fewer submissions than the journal is the one from before.
  const isRecorded = record && isFinal(record.outcome) && record.submissions === spend.submissions;
  if (isTried && isRecorded && !owed) return { spent, record };
  const last = lastFailure(submissions, from);
  return {
    spent,
    row: {
      input: { ...input, params, retry: { n, from, ...(last && { last }) } },
      bound,
      retry: {
        ...(owed && { owed }),
        ...(record &&
          !owed &&
          !isFree(spent) && {
            before: {
              outcome: record.outcome,
              charge: record.charge,
              possiblySpent: record.possiblySpent,
              refundExpected: record.refundExpected,
            },
          }),
      },
    },
  };
}
