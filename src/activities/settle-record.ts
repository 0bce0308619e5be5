import type { Submission } from '../contracts/journal.ts';
import { isFree, withoutCharge } from '../contracts/money.ts';
import type { ScrapeRecord, ScrapeRef } from '../contracts/scrape.ts';
import { buildRecord, endOf } from '../ledger/build-record.ts';
import type { Ending } from '../ledger/build-record.ts';
import { StoreError } from '../store/store-error.ts';
import type { ActivityDeps } from './deps.ts';

/**
 * Writes the scrape's record, whole, from its journal. Running it again writes the same; a kill before it leaves the
 * verdict, from which the next run writes it. A record with a result is never replaced by one without: the verdict that it
 * was made of is lost then, and the record is all that still tells where the paid result is.
 */
export async function settleRecord(
  deps: Pick<ActivityDeps, 'store' | 'accounts' | 'fault'>,
  ref: ScrapeRef,
  submissions: readonly Submission[],
  ending?: Ending,
): Promise<ScrapeRecord> {
  const end = endOf(submissions) ?? submissions.findLast(({ verdict }) => verdict)?.verdict;
  const said = ending ?? {
    outcome: end?.outcome ?? 'unknown',
    ...(end?.failure && { failure: end.failure }),
  };
  const record = buildRecord(ref, submissions, said, deps.accounts.simulated);
  const standing = record.result ? undefined : await storedResult(deps, ref);
  const kept = standing ? withMoneyOf(record, standing) : record;
  if (kept !== standing) await deps.store.records.write(kept);
  await deps.fault('check:record-written');
  return kept;
}

async function storedResult(
  { store }: Pick<ActivityDeps, 'store'>,
  { scrapeId }: ScrapeRef,
): Promise<ScrapeRecord | undefined> {
  try {
    const standing = await store.records.read(scrapeId);
    return standing?.result && standing;
  } catch (error) {
    // What cannot be read tells nothing and is written anew.
    if (error instanceof StoreError && error.kind === 'damaged') return undefined;
    throw error;
  }
}

/** A record that keeps its result hides no charge that the journal tells of. */
function withMoneyOf({ submissions, charge, ...made }: ScrapeRecord, standing: ScrapeRecord): ScrapeRecord {
  if (isFree(withoutCharge(charge, standing.charge))) return standing;
  const { possiblySpent, refundExpected } = made;
  return { ...standing, submissions, charge, possiblySpent, refundExpected };
}
