import { noSums } from '../contracts/batch-sums.ts';
import type { BatchRecord, BatchSums } from '../contracts/batch.ts';
import { addCharges } from '../contracts/money.ts';
import type { ScrapeRecord } from '../contracts/scrape.ts';
import { batchDifferences } from '../ledger/audit-batches.ts';
import type { BatchFacts } from '../ledger/audit-facts.ts';
import type { Store } from '../store/store.ts';
import type { AuditWorld } from './audit-world.ts';
import { readable } from './read-scrape.ts';

/** A batch's own record beside the records of its scrapes. */
export interface SummedBatch {
  record: BatchRecord;
  sums: BatchSums;
}

/**
 * Batches whose own record is not the sum over their scrapes' records. Each that differs is read again once it is known
 * that nobody is at it: a retry may have begun and ended since it was read.
 */
export async function readBatches(
  { store, workflows }: AuditWorld,
  ofBatches: ReadonlyMap<string, readonly string[]>,
  known: ReadonlyMap<string, ScrapeRecord>,
): Promise<BatchFacts[]> {
  const found: BatchFacts[] = [];
  for (const [batchId, scrapeIds] of ofBatches) {
    if (workflows.wasRunning(batchId)) continue;
    const first = await readSummed(store, batchId, scrapeIds, async (id) => known.get(id));
    if (!first || batchDifferences(first).length === 0) continue;
    const workflow = await workflows.stateOf(batchId);
    const again = await readSummed(store, batchId, scrapeIds, (id) => readRecord(store, id));
    if (again) found.push({ batchId, workflow, scrapeIds, ...again });
  }
  return found;
}

/** Undefined if the batch has no record, or one of its scrapes has none: then nobody knows the sum. */
export async function readSummed(
  store: Store,
  batchId: string,
  scrapeIds: readonly string[],
  read: (scrapeId: string) => Promise<ScrapeRecord | undefined> = (id) => readRecord(store, id),
): Promise<SummedBatch | undefined> {
  const record = await readable(
    () => store.batches.readRecord(batchId),
    () => undefined,
  );
  if (!record) return undefined;
  const sums = noSums(batchId, scrapeIds.length);
  for (const id of scrapeIds) {
    const scrape = await read(id);
    if (!scrape) return undefined;
    sums.counts.open -= 1;
    sums.counts[scrape.outcome] += 1;
    sums.charge = addCharges(sums.charge, scrape.charge);
    sums.possiblySpent = addCharges(sums.possiblySpent, scrape.possiblySpent);
    sums.refundExpected = addCharges(sums.refundExpected, scrape.refundExpected);
  }
  return { record, sums };
}

/** What cannot be read is named where the scrapes are read. */
function readRecord({ records }: Store, scrapeId: string): Promise<ScrapeRecord | undefined> {
  return readable(
    () => records.read(scrapeId),
    () => undefined,
  );
}
