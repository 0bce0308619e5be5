import type { Ceiling, CeilingFields } from './ceiling.ts';
import type { Charge } from './money.ts';
import type { Counts, Outcome } from './outcomes.ts';
import type { Params, ScrapeInput, ScrapePolicy } from './scrape.ts';

/** One prompt of a batch. */
export interface BatchItem {
  prompt: string;
  /** Part of the scrapes' ids. Default: a hash of prompt, market, parameters and occurrence. */
  id?: string;
  market?: string;
  /** Scrapers for this prompt instead of the batch's. */
  scrapers?: string[];
  label?: string;
  params?: Params;
  /** Instead of the batch's `maxCharge`. */
  maxCharge?: string;
}

/** The input of `batchWorkflow`: either `prompts` inline (up to 100 KB) or `manifest`, a reference into the store. */
export interface BatchInput extends Omit<ScrapePolicy, keyof CeilingFields> {
  /** Default in a workflow that is started by hand or by a schedule: its id without `batch/`. */
  name: string;
  /** Prompts as plain strings or items. */
  prompts?: Array<string | BatchItem>;
  /** Store key of a manifest written by the client; needs no `prompts`. */
  manifest?: string;
  /** Scrapers for every item that names none of its own. */
  scrapers?: string[];
  /** How often each prompt goes to each scraper, 1 to 100. Default 1. */
  samples?: number;
  market?: string;
  params?: Params;
  label?: string;
  account?: string;
  /**
   * Ceiling for the whole batch, possibly spent credits included. One in dollars (`maxUsd`, at most 6 decimals) may stand
   * beside it; both hold, and a currency without one has no limit.
   */
  maxCredits?: number;
  maxUsd?: number;
  /** How many scrapes may be open at once, 1 to 2,000. Default 100, or 2,000 if all of them are bought by the page. */
  window?: number;
  /** Runs a retry that a client has planned (its number): its scrapes are bought once more. Needs neither prompts nor scrapers. */
  retry?: number;
}

/** What the store keeps of a batch: its items and settings in full, written once under its name. */
export interface Manifest {
  batchId: string;
  /** SHA-256 of items and settings; another manifest under a used name is refused by comparing it. */
  fingerprint: string;
  createdAt: string;
  simulated: boolean;
  /** Pages of at most 500 scrapes and 200 KB each; page n is read by partition n, from 1. */
  pages: number;
  total: number;
  /** The most that the whole batch can cost if everything is bought once. */
  bound: Charge;
}

/** One scrape of a page. */
export interface PageRow {
  scrapeId: string;
  input: ScrapeInput;
  /** The most that one submission of it can cost. */
  bound: Charge;
  /** What it has cost already, possibly spent included: nothing on a first run. */
  spent: Charge;
  /** Its outcome if the journal knows that it needs no more work. */
  settled?: Outcome;
  /** It is bought once more by a retry, as `input.retry` says. */
  retry?: RetriedRow;
}

/** What a retry knows of a scrape before it begins. */
interface RetriedRow {
  /** An earlier purchase is still to be collected or settled: that comes first and needs no money. */
  owed?: true;
  /** How it ended before, if that cost something: what it stays if it cannot be bought again. */
  before?: Pick<BatchSums, 'charge' | 'possiblySpent' | 'refundExpected'> & { outcome: Outcome };
}

/** Counts and money of a batch or a part of it. */
export interface BatchSums {
  batchId: string;
  total: number;
  counts: Counts;
  charge: Charge;
  possiblySpent: Charge;
  refundExpected: Charge;
}

/** Scrapes that run now. */
export interface InFlight {
  scrapes: number;
  /** The most that their next purchases can cost, beside `charge` and `possiblySpent`, which count ended scrapes only. */
  bound: Charge;
}

/** What `progress` answers and what the CLI prints of a batch. What is optional is not there of workers of 0.1.0. */
export interface BatchProgress extends BatchSums {
  inFlight?: InFlight;
  /** The most that the batch may cost; absent if it has no ceiling. */
  ceiling?: Charge;
  /** How many scrapes may be open at once. */
  window?: number;
  /** Scrapes that had ended before this run of the batch came to them: they say nothing of how fast it goes. */
  endedBefore?: number;
  /** Why it is not going faster, in words: what the ceiling, the window or an account holds back. */
  waiting?: string;
  /** Workflow ids of the partitions that run now. */
  partitions?: string[];
  /** The sum over the partitions that have ended; what the running ones answer themselves is newer than this answer. */
  endedPartitions?: PartitionResult;
}

/** What `batchWorkflow` returns and the store keeps. */
export interface BatchRecord extends BatchSums {
  ceiling?: Charge;
  maxCharge?: string;
  startedAt: string;
  endedAt: string;
  simulated: boolean;
  /** The number of the last retry that is in these sums; absent before the first. */
  retries?: number;
}

/** The input of `partitionWorkflow`. */
export interface PartitionInput extends Omit<ScrapePolicy, keyof CeilingFields> {
  batchId: string;
  page: number;
  window: number;
  /** What this partition may spend on top of what its batch has cost already; absent means no ceiling in that currency. */
  maxCredits?: number;
  maxUsd?: number;
  /** The batch's ceiling and pages, to sum anew what is left when this partition is reset. */
  ceiling?: Ceiling;
  pages: number;
  /** Whether the server knows our search attributes; starting a child with an unknown one would fail for ever. */
  searchAttributes: boolean;
  /** The batch was reset: scrapes that ended stay as they are, also cancelled ones. */
  reset: boolean;
  /** The retry that this partition belongs to: it buys what that retry lists, and nothing else. */
  retry?: number;
  /** The batch was cancelled before this partition began: it starts nothing and records what is left as cancelled. */
  stopped?: boolean;
}

/** What `partitionWorkflow` returns. */
export type PartitionResult = BatchSums & Pick<BatchProgress, 'endedBefore'>;
