import type { BatchSums } from '../contracts/batch.ts';
import type { Submission } from '../contracts/journal.ts';
import type { Charge } from '../contracts/money.ts';
import type { ScrapeRecord, ScrapeRequest } from '../contracts/scrape.ts';
import type { ProviderName, Scraper } from '../contracts/scrapers.ts';

/** Everything that an audit compares, read before it decides anything. */
export interface AuditFacts {
  /** Our clock, milliseconds since the epoch. */
  nowMs: number;
  scrapes: readonly ScrapeFacts[];
  accounts: readonly AccountFacts[];
  /** What the store holds and cannot read, in the words of its error. */
  damaged: readonly string[];
  /** Batches that no workflow runs and that have no record, with how many of their scrapes nobody began. */
  neverStarted: ReadonlyArray<{ batchId: string; scrapes: number }>;
  /** Batches that have ended and whose record was not the sum over their scrapes' records. */
  batches: readonly BatchFacts[];
  /** Submissions by mark, also those of scrapes that this audit is not about. */
  ofTag: ReadonlyMap<string, Pick<Submission, 'scrapeId' | 'n'>>;
  /** Scrapes that are known by record or manifest, by the marks that their submissions would have. */
  wouldBe: ReadonlyMap<string, string>;
  vendor: VendorFacts;
}

export interface BatchFacts {
  batchId: string;
  workflow: WorkflowFact;
  /** What it says itself, and what the records of its scrapes sum up to. */
  record: BatchSums;
  sums: BatchSums;
  scrapeIds: readonly string[];
}

/** What only a provider's tables know. */
export interface VendorFacts {
  /** Purchases of scrapers with the same family are in one list; undefined where the provider has none. */
  familyOf(scraper: Scraper): string | undefined;
  /** The most that the provider documents to give back of the charge without telling. */
  mayGiveBack(request: ScrapeRequest): Charge;
}

/** `ended`: by itself or by a cancel; `gone`: Temporal does not know it; `unasked`: Temporal could not be asked. */
export type WorkflowFact = 'running' | 'ended' | 'terminated' | 'gone' | 'unasked';

export interface ScrapeFacts {
  scrapeId: string;
  workflow: WorkflowFact;
  submissions: readonly Submission[];
  record?: ScrapeRecord;
  /** What is wrong with its stored results, in the store's words. */
  damagedResults: readonly string[];
}

/** What an account with a list of purchases showed. */
export interface AccountFacts {
  provider: ProviderName;
  account: string;
  endpoint: string;
  /** Why it could not be asked; then what follows is empty. */
  trouble?: string;
  /** What the free call about the account said. */
  said?: string;
  lists: readonly PurchaseList[];
  /** Tasks that a ready list or the list of failed calls says have ended. */
  readyTasks: ReadonlySet<string>;
}

/** A part of the list of purchases. Times are milliseconds of our clock. */
export interface PurchaseList {
  family: string;
  fromMs: number;
  toMs: number;
  /** Whether it was shown whole. */
  complete: boolean;
  rows: readonly PurchaseRow[];
}

export interface PurchaseRow {
  taskId: string;
  /** As it is there; undefined where the row has none. */
  tag?: string;
  /** Whether the tag is one of this store's. */
  own: boolean;
  /** Provider clock, ISO 8601. */
  postedAt: string;
  charge: Charge;
  /** Whether the row tells a price; without it `charge` says nothing. */
  priced: boolean;
  /** Whether the task has ended, as far as the row tells. */
  ended: boolean;
}
