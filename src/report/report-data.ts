import type { Answer } from '../contracts/answer.ts';
import type { BatchRecord, Manifest } from '../contracts/batch.ts';
import type { Ceiling } from '../contracts/ceiling.ts';
import type { Charge } from '../contracts/money.ts';
import type { Outcome } from '../contracts/outcomes.ts';
import type { ScrapeInput, ScrapeRecord } from '../contracts/scrape.ts';

/** What the store knows of a batch at one moment; the report is made of this and nothing else. */
export interface ReportData {
  batchId: string;
  manifest: Manifest;
  /** Absent while the batch runs. */
  record?: BatchRecord;
  /** When the store was read, ISO 8601. */
  readAt: string;
  simulated: boolean;
  /** In manifest order, one a scrape of every page that could be read. */
  results: CollectedResult[];
  /** Pages that could not be read: their scrapes are counted and cannot be shown. */
  lostPages: LostPage[];
}

/** A scrape with whatever is there of it. */
export interface CollectedResult {
  scrapeId: string;
  input: ScrapeInput;
  state: ResultState;
  record?: ScrapeRecord;
  answer?: Answer;
  /** What a scrape without a record has bought so far, from the journal. */
  open?: OpenScrape;
  /** What should be there and is not, in words. */
  problem?: string;
}

/** `open`: no outcome yet. `unreadable`: the store holds something that cannot be read. */
export type ResultState = Outcome | 'open' | 'unreadable';

export interface OpenScrape {
  charge: Charge;
  possiblySpent: Charge;
  submittedAt?: string;
  /** Bought longer ago than 99 % of this engine's answers take. */
  late: boolean;
}

export interface LostPage {
  page: number;
  /** How many scrapes were on it. */
  scrapes: number;
  problem: string;
}

/** Whose names are looked for in the answers. */
export interface Brands {
  brand: string;
  rivals: string[];
}

export interface ReportOptions {
  brands?: Brands;
  /** The ceiling that the batch was started with. */
  ceiling?: Ceiling;
  /** Dollars that one credit costs, for one total. */
  usdPerCredit?: number;
}
