import type { Submission } from '../contracts/journal.ts';
import type { ScrapeRecord, ScrapeRef } from '../contracts/scrape.ts';
import { buildRecord, endOf } from '../ledger/build-record.ts';
import type { Ending } from '../ledger/build-record.ts';
import type { ActivityDeps } from './deps.ts';

/**
 * Writes the scrape's record, whole, from its journal. Running it again writes the same; a kill before it leaves the
 * verdict, from which the next run writes it.
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
  await deps.store.records.write(record);
  await deps.fault('check:record-written');
  return record;
}
