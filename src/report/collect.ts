import type { Manifest } from '../contracts/batch.ts';
import type { Submission } from '../contracts/journal.ts';
import { addCharges } from '../contracts/money.ts';
import { nearest } from '../contracts/nearest.ts';
import type { ScrapeRecord } from '../contracts/scrape.ts';
import { StoreError } from '../store/store-error.ts';
import type { Store, StoredPage } from '../store/store.ts';
import type { CollectedResult, LostPage, OpenScrape, ReportData } from './report-data.ts';

/** Reads in flight at once: enough to hide the latency of a network store, few enough for a file system. */
const READS_AT_ONCE = 24;

/**
 * Reads a batch out of the store, at any time while it runs. What is missing or damaged is named in the data; only a
 * batch that is not there at all throws.
 */
export async function collectReport(store: Store, batchId: string, now = new Date()): Promise<ReportData> {
  const manifest = await store.batches.readManifest(batchId);
  if (manifest === undefined) throw new Error(await noSuchBatch(store, batchId));
  const record = await ifReadable(store.batches.readRecord(batchId));
  const { rows, lostPages } = await readPages(store, manifest);
  const reader = { store, now, ended: record.value !== undefined };
  const results = await mapSome(rows, (row) => collectResult(reader, row));
  return {
    batchId,
    manifest,
    ...(record.value && { record: record.value }),
    readAt: now.toISOString(),
    simulated: manifest.simulated || store.owner.simulated || results.some((one) => one.record?.simulated),
    results,
    lostPages,
  };
}

type StoredRow = StoredPage[number];

interface Reader {
  store: Store;
  now: Date;
  /** The batch has its record, so that every scrape should have one. */
  ended: boolean;
}

async function readPages(
  store: Store,
  manifest: Manifest,
): Promise<{ rows: StoredRow[]; lostPages: LostPage[] }> {
  const rows: StoredRow[] = [];
  const lost: Array<Omit<LostPage, 'scrapes'>> = [];
  for (let page = 1; page <= manifest.pages; page++) {
    const read = await ifReadable(store.batches.readPage(manifest.batchId, page));
    if (read.value) for (const row of read.value) rows.push(row);
    else lost.push({ page, problem: read.problem ?? 'It is not in the store.' });
  }
  // A lost page does not say how many scrapes it held; together the lost ones held what is missing from the total.
  const missing = Math.max(0, manifest.total - rows.length);
  return { rows, lostPages: lost.map((page, i) => ({ ...page, scrapes: share(missing, lost.length, i) })) };
}

async function collectResult(reader: Reader, row: StoredRow): Promise<CollectedResult> {
  const one = { scrapeId: row.scrapeId, input: row.input };
  const read = await ifReadable(reader.store.records.read(row.scrapeId));
  if (read.problem !== undefined) {
    return { ...one, state: 'unreadable', problem: `Its record: ${read.problem}` };
  }
  if (read.value === undefined) return { ...one, ...(await collectOpen(reader, row.scrapeId)) };
  return {
    ...one,
    state: read.value.outcome,
    record: read.value,
    ...(await collectAnswer(reader.store, read.value)),
  };
}

async function collectAnswer(
  store: Store,
  record: ScrapeRecord,
): Promise<Pick<CollectedResult, 'answer' | 'problem'>> {
  const { result } = record;
  if (result === undefined) {
    return record.outcome === 'done'
      ? { problem: 'It is recorded as collected, but without a place in the store.' }
      : {};
  }
  if (!result.normalized) {
    return record.outcome === 'done'
      ? { problem: 'Its raw body is kept, but could not be read as an answer; it is not in the numbers.' }
      : {};
  }
  const read = await ifReadable(store.results.readAnswer(result));
  if (read.value) return { answer: read.value };
  return { problem: `Its answer: ${read.problem ?? 'it is not in the store, though the record says so.'}` };
}

async function collectOpen(
  { store, now, ended }: Reader,
  scrapeId: string,
): Promise<Pick<CollectedResult, 'state' | 'open' | 'problem'>> {
  const read = await ifReadable(store.journal.readAll(scrapeId));
  const problem = read.problem ?? (ended ? 'The batch has ended, but this scrape has no record.' : undefined);
  return {
    state: 'open',
    ...(read.value && { open: openScrape(read.value, now) }),
    ...(problem !== undefined && { problem }),
  };
}

/** What an open scrape has cost so far: the same rule as for a record, over the journal's submissions. */
function openScrape(submissions: Submission[], now: Date): OpenScrape {
  const receipt = submissions.at(-1)?.receipt;
  const ageMs = receipt ? now.getTime() - Date.parse(receipt.submittedAt) : 0;
  return {
    charge: addCharges(...submissions.map((one) => one.verdict?.charge ?? one.receipt?.charge ?? {})),
    possiblySpent: addCharges(
      ...submissions.map((one) => (one.receipt || one.refused ? {} : one.intent.bound)),
    ),
    ...(receipt && { submittedAt: receipt.submittedAt }),
    late: receipt !== undefined && ageMs > receipt.plan.wideAfterMs,
  };
}

/** The value, or why it cannot be read: a damaged file must not hide the other results. A store that is down still throws. */
async function ifReadable<T>(reading: Promise<T>): Promise<{ value?: T; problem?: string }> {
  try {
    return { value: await reading };
  } catch (error) {
    if (error instanceof StoreError && error.kind === 'damaged') return { problem: error.message };
    throw error;
  }
}

async function mapSome<T, R>(list: T[], each: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < list.length; i += READS_AT_ONCE) {
    results.push(...(await Promise.all(list.slice(i, i + READS_AT_ONCE).map(each))));
  }
  return results;
}

/** Splits a whole number into `parts` nearly equal ones. */
function share(total: number, parts: number, index: number): number {
  return Math.floor((total * (index + 1)) / parts) - Math.floor((total * index) / parts);
}

async function noSuchBatch(store: Store, batchId: string): Promise<string> {
  const known = await store.batches.list();
  const near = nearest(batchId, known);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  const list = known.length === 0 ? 'It holds no batches.' : `It holds: ${known.slice(0, 20).join(', ')}`;
  return `there is no batch "${batchId}" in the store ${store.location}.${hint} ${list}`;
}
