import type { Answer } from '../contracts/answer.ts';
import type { Manifest } from '../contracts/batch.ts';
import type { ScrapeRecord } from '../contracts/scrape.ts';
import type { Store } from '../store/store.ts';
import { notFound } from './wait.ts';

/** A scrape that has an outcome. */
export interface Result {
  record: ScrapeRecord;
  /** Absent if nothing was collected, or what was could not be normalized. */
  answer?: Answer;
}

/**
 * The results of a scrape or of a batch as far as they are in, in manifest order. Needs no server. Throws `GleanerError`
 * (`not-found`) if the store knows neither.
 */
export async function* readResults(store: Store, id: string): AsyncGenerator<Result> {
  const manifest = await store.batches.readManifest(id);
  if (!manifest) {
    const result = await readResult(store, id);
    if (!result) throw notFound(id);
    yield result;
    return;
  }
  for await (const scrapeId of batchScrapeIds(store, manifest)) {
    const result = await readResult(store, scrapeId);
    if (result) yield result;
  }
}

/** The ids of a batch's scrapes in manifest order. */
export async function* batchScrapeIds(store: Store, manifest: Manifest): AsyncGenerator<string> {
  for (let page = 1; page <= manifest.pages; page++) {
    for (const { scrapeId } of await store.batches.readPage(manifest.batchId, page)) yield scrapeId;
  }
}

async function readResult(store: Store, scrapeId: string): Promise<Result | undefined> {
  const record = await store.records.read(scrapeId);
  if (!record) return undefined;
  const answer = record.result && (await store.results.readAnswer(record.result));
  return { record, ...(answer && { answer }) };
}
