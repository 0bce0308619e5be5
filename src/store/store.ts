import type { Answer } from '../contracts/answer.ts';
import type { BatchRecord, Manifest, PageRow } from '../contracts/batch.ts';
import type { CapLine, CapMonth } from '../contracts/caps.ts';
import type { Ceiling } from '../contracts/ceiling.ts';
import type {
  Duplicate,
  Intent,
  Receipt,
  Refused,
  Submission,
  Unknown,
  Verdict,
} from '../contracts/journal.ts';
import type { RetryPlan, RetryRow } from '../contracts/retry.ts';
import type { ResultRef, ScrapeRecord, StoredVariant } from '../contracts/scrape.ts';
import type { Sweep } from '../contracts/sweep.ts';
import type { StoreError } from './store-error.ts';

/**
 * Everything Gleaner keeps outside Temporal, over one `ObjectStore`. Every method throws `StoreError` and nothing else
 * that a caller should expect.
 */
export interface Store {
  readonly location: string;
  readonly owner: StoreOwner;
  readonly journal: Journal;
  readonly results: Results;
  readonly records: Records;
  readonly batches: Batches;
  readonly postbacks: Postbacks;
  readonly pairings: Pairings;
  readonly sweeps: Sweeps;
  readonly caps: CapLog;
  readonly retries: Retries;
}

/** Written once when a store is made; tells a store of simulated scrapes from one that money was spent on. */
export interface StoreOwner {
  /** Random; the namespace that uses the store is bound to it. */
  storeId: string;
  /** Start of every tag, so that two stores on one provider account tell their tasks apart; 6 lower-case letters or digits. */
  tagPrefix: string;
  simulated: boolean;
  createdAt: string;
}

/** Exclusive entries around every submission. `false` or the other's entry: somebody was there first. */
export interface Journal {
  /** The submission's provider-visible mark: the store's prefix and a hash; the same for all tries. */
  tag(scrapeId: string, n: number): string;
  /** What is written of submission n, or undefined if its first intent is not there. */
  read(scrapeId: string, n: number): Promise<Submission | undefined>;
  /** The marks of all submissions that something is written of, sorted; reads names alone. */
  tags(): Promise<string[]>;
  /** Whether a mark has the form of this store's, whatever is written of it. */
  isOwn(tag: string): boolean;
  /** The submission that carries this mark; undefined if it is none of this store's, or no intent of it is here. */
  findByTag(tag: string): Promise<Submission | undefined>;
  /** How submission n ended, or undefined if it has not: one file instead of all, for looks that mostly find nothing. */
  readVerdict(scrapeId: string, n: number): Promise<Verdict | undefined>;
  /** All submissions of a scrape from 1 upwards without a gap. */
  readAll(scrapeId: string): Promise<Submission[]>;
  /** True if this very intent is in the journal now: created by this call, or found with our own nonce. */
  createIntent(intent: Intent): Promise<boolean>;
  /** Writing the same again is fine; it stays as it was written first. */
  createRefused(refused: Refused): Promise<void>;
  createReceipt(receipt: Receipt): Promise<void>;
  createUnknown(unknown: Unknown): Promise<void>;
  createDuplicate(duplicate: Duplicate): Promise<void>;
  /** Returns the verdict that stands: this one, or the one that was there first. */
  createVerdict(verdict: Verdict): Promise<Verdict>;
}

export interface Results {
  /** Stores the raw body byte for byte (compressed at rest), and the answer made of it if there is one. */
  write(result: { scrapeId: string; n: number; raw: Uint8Array; answer?: Answer }): Promise<ResultRef>;
  /** Stores another form of the same result, byte for byte (compressed at rest); `variant` is a word of lower-case letters. */
  writeVariant(form: {
    scrapeId: string;
    n: number;
    variant: string;
    raw: Uint8Array;
  }): Promise<StoredVariant>;
  /** The raw body; throws `damaged` if it is not what `ref` says. */
  readRaw(ref: Pick<ResultRef, 'path' | 'bytes' | 'sha256'>): Promise<Uint8Array>;
  readAnswer(ref: ResultRef): Promise<Answer | undefined>;
}

export interface Records {
  write(record: ScrapeRecord): Promise<void>;
  read(scrapeId: string): Promise<ScrapeRecord | undefined>;
  /** All records of scrapes; those of a batch are read by their ids instead. What cannot be read is thrown, or told to `damaged` and left out. */
  readAll(damaged?: (error: StoreError) => void): AsyncIterable<ScrapeRecord>;
}

/** What was seen in the providers' lists of purchases. */
export interface Sweeps {
  write(sweep: Sweep): Promise<void>;
  /** Those of a list that began at `sinceMs` (milliseconds since the epoch) or later, the newest first. */
  readSince(where: Pick<Sweep, 'provider' | 'account' | 'family'>, sinceMs: number): Promise<Sweep[]>;
}

export interface Batches {
  /** Writes pages, then the manifest, exclusively. Returns the manifest that stands under this batch's id. */
  create(manifest: Manifest, pages: Iterable<StoredPage>): Promise<Manifest>;
  readManifest(batchId: string): Promise<Manifest | undefined>;
  readPage(batchId: string, page: number): Promise<StoredPage>;
  /** A manifest that a client hands over before the batch starts; returns its store key. */
  writeUpload(body: Uint8Array): Promise<string>;
  readUpload(key: string): Promise<Uint8Array | undefined>;
  /** Marks a run of a batch as stopped, for good: nothing more is bought for it. A later run of the batch is another one. */
  stopRun(batchId: string, runId: string): Promise<void>;
  isRunStopped(batchId: string, runId: string): Promise<boolean>;
  /** The ceiling of the last run, as it was started with; one without a limit is empty. */
  writeCeiling(batchId: string, ceiling: Ceiling): Promise<void>;
  readCeiling(batchId: string): Promise<Ceiling | undefined>;
  writeRecord(record: BatchRecord): Promise<void>;
  readRecord(batchId: string): Promise<BatchRecord | undefined>;
  /** Ids of all batches with a manifest. */
  list(): Promise<string[]>;
}

/** What was planned to be bought once more. */
export interface Retries {
  /** Writes pages (by the batch's page number), then the plan, exclusively. Returns the plan that stands under its number. */
  create(plan: RetryPlan, pages: ReadonlyMap<number, readonly RetryRow[]>): Promise<RetryPlan>;
  read(batchId: string, n: number): Promise<RetryPlan | undefined>;
  /** The scrapes of a retry that are on this page of its batch. */
  readPage(batchId: string, n: number, page: number): Promise<RetryRow[]>;
  /** The highest number that is planned; 0 if none is. */
  latest(batchId: string): Promise<number>;
}

/**
 * Bodies that a provider posted to us, as they came: candidates for a result, which are believed only once task and mark
 * in them are those of a purchase. They are kept until the purchase has a verdict.
 */
export interface Postbacks {
  /**
   * Streams a body to the store. `known`: one of this task is there already and stays; `full`: so many tasks were posted
   * under this mark that they cannot all be its own. In both cases nothing is read of the body. What the stream throws
   * passes as it is, and nothing is stored then.
   */
  write(tag: string, taskId: string, body: AsyncIterable<Uint8Array>): Promise<'stored' | 'known' | 'full'>;
  read(tag: string, taskId: string): Promise<Uint8Array | undefined>;
  /** The tasks that were posted under a mark, sorted. */
  taskIds(tag: string): Promise<string[]>;
  /** Takes away what was posted under a mark. */
  clear(tag: string): Promise<void>;
}

/** What is reserved of accounts' caps, line by line; nothing is ever overwritten or deleted. */
export interface CapLog {
  read(where: CapMonth, n: number): Promise<CapLine | undefined>;
  /** Returns the line that stands under its number: this one, or the one that was there first. */
  append(where: CapMonth, line: CapLine): Promise<CapLine>;
}

/** The namespace that a store works with. */
export interface Pairing {
  namespace: string;
  /** For people and to tell servers apart: the address, and on which machine if it is a loopback address. */
  server: string;
  /** Of the workflow `gleaner/store` there: another one is another database. */
  runId: string;
  at: string;
}

export interface Pairings {
  /** The one that stands; undefined in a store that was not used yet, or by 0.1.0 only. */
  current(): Promise<Pairing | undefined>;
  /** Adds one that stands from now on; returns somebody else's if it was added at the same time. */
  add(pairing: Pairing): Promise<Pairing>;
}

/** A page as it is kept: rows without what changes. */
export type StoredPage = Array<Pick<PageRow, 'scrapeId' | 'input' | 'bound'>>;
