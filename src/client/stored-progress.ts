import type { BatchSums } from '../contracts/batch.ts';
import { addCharges } from '../contracts/money.ts';
import { noSums } from '../contracts/batch-sums.ts';
import type { Store } from '../store/store.ts';
import { batchScrapeIds } from './results.ts';

/** Adds up the records of a batch's scrapes; undefined before its manifest is written. Reads one file a scrape. */
export async function storedProgress(store: Store, batchId: string): Promise<BatchSums | undefined> {
  const manifest = await store.batches.readManifest(batchId);
  if (!manifest) return undefined;
  const progress = noSums(batchId, manifest.total);
  for await (const scrapeId of batchScrapeIds(store, manifest)) {
    const record = await store.records.read(scrapeId);
    if (!record) continue;
    progress.counts.open -= 1;
    progress.counts[record.outcome] += 1;
    progress.charge = addCharges(progress.charge, record.charge);
    progress.possiblySpent = addCharges(progress.possiblySpent, record.possiblySpent);
    progress.refundExpected = addCharges(progress.refundExpected, record.refundExpected);
  }
  return progress;
}
