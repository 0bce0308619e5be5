import { batchScrapeIds } from '../../client/results.ts';
import type { Store } from '../../store/store.ts';
import { StoreError } from '../../store/store-error.ts';

/** Provider ids of a batch's jobs whose answers are in the store, each checked against its hash. */
export async function readCollected(store: Store, batchId: string): Promise<Set<string>> {
  const collected = new Set<string>();
  const manifest = await store.batches.readManifest(batchId);
  if (!manifest) return collected;
  for await (const scrapeId of batchScrapeIds(store, manifest)) {
    for (const { receipt, verdict } of await store.journal.readAll(scrapeId)) {
      if (receipt && verdict?.result && (await isWhole(store, verdict.result))) collected.add(receipt.taskId);
    }
  }
  return collected;
}

/** Batches without a record of their end: an earlier run was interrupted. */
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
