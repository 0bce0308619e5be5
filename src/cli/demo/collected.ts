import { batchScrapeIds } from '../../client/results.ts';
import type { Store } from '../../store/store.ts';
import { StoreError } from '../../store/store-error.ts';

/** Provider ids of the jobs of a batch: all that it has a receipt for, and those whose answers are whole in the store. */
export interface BatchJobs {
  receipts: Set<string>;
  collected: Set<string>;
}

/** Reads a batch's journal and every stored answer, checking each against its hash. */
export async function readBatchJobs(store: Store, batchId: string): Promise<BatchJobs> {
  const jobs: BatchJobs = { receipts: new Set(), collected: new Set() };
  const manifest = await store.batches.readManifest(batchId);
  if (!manifest) return jobs;
  for await (const scrapeId of batchScrapeIds(store, manifest)) {
    for (const { receipt, verdict } of await store.journal.readAll(scrapeId)) {
      if (!receipt) continue;
      jobs.receipts.add(receipt.taskId);
      if (verdict?.result && (await isWhole(store, verdict.result))) jobs.collected.add(receipt.taskId);
    }
  }
  return jobs;
}

/** Batches of earlier runs that were interrupted; they go on beside this one and buy from the same provider. */
export async function unfinishedBatches(store: Store): Promise<string[]> {
  const unfinished: string[] = [];
  for (const batchId of await store.batches.list()) {
    if (!(await store.batches.readRecord(batchId))) unfinished.push(batchId);
  }
  return unfinished;
}

async function isWhole(store: Store, ref: Parameters<Store['results']['readRaw']>[0]): Promise<boolean> {
  try {
    await store.results.readRaw(ref);
    return true;
  } catch (error) {
    if (error instanceof StoreError) return false;
    throw error;
  }
}
