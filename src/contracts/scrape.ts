import type { Failure } from './failures.ts';
import type { Charge } from './money.ts';
import type { PagePurchase } from './page-purchase.ts';
import type { Outcome } from './outcomes.ts';
import type { ScrapeRetry } from './retry.ts';
import type { Scraper } from './scrapers.ts';

export type ParamValue = string | number | boolean;
export type Params = Record<string, ParamValue>;

/** What a retried or repeated purchase may do; set per scrape or for a whole batch. */
export interface ScrapePolicy {
  /** How often this scrape may be bought in all, 1 to 10. A second purchase follows only a definite failure. Default 2. */
  maxSubmissions?: number;
  /**
   * What to do when a purchase's answer was lost and the provider cannot be asked: `fail` (default) ends the scrape as
   * `unknown`; `resubmit` buys again, counted against `maxSubmissions`.
   */
  onUnknown?: 'fail' | 'resubmit';
  /**
   * Ceiling for this scrape over all its submissions, possibly spent ones included. One in dollars (`maxUsd`, at most 6
   * decimals) may stand beside it; both hold, and a currency without one has no limit.
   */
  maxCredits?: number;
  maxUsd?: number;
  /**
   * The most that one purchase of this scrape may cost, such as `"5 credits"`, `"$0.01"` or `"5 credits + $0.01"`: one that
   * could cost more is refused before anything is sent. A currency that is not in it has no limit.
   */
  maxCharge?: string;
}

/** The input of `scrapeWorkflow`: plain JSON, so that it can be typed into the Temporal UI or CLI. */
export interface ScrapeInput extends ScrapePolicy {
  /** `provider/engine`, such as `scrapellm/chatgpt`; vendor spellings are accepted. */
  scraper: string;
  prompt: string;
  /** Country and language, such as `US/en` or `DE`. Default: `US/en`. */
  market?: string;
  /** Parameters of the scraper, such as `{"web_search": false}`; `gleaner scrapers` lists them. */
  params?: Params;
  /** The named credential that pays. Default: the worker's default account of that provider. */
  account?: string;
  /** Free text to group spend and reports by. */
  label?: string;
  /** Set by a partition for its children. */
  batchId?: string;
  /** Set by a partition for its children: the run of the batch that began them; once it is cancelled, they buy nothing. */
  batchRun?: string;
  /** Set by a partition for its children: the item's id in the manifest. */
  item?: string;
  /** Which repeat of the same prompt this is, from 1. */
  sample?: number;
  /** Set by a partition for its children: what became of their purchase in one call with others. */
  bought?: PagePurchase;
  /** Set by a partition of a retry for its children: what is to be bought once more. */
  retry?: ScrapeRetry;
}

/** What is bought: the part of an input that the fingerprint covers. */
export interface ScrapeRequest {
  scraper: Scraper;
  prompt: string;
  market: string;
  params: Params;
}

/** What names a scrape everywhere but in the purchase itself; free of prompt text. */
export interface ScrapeRef {
  scrapeId: string;
  scraper: Scraper;
  market: string;
  /** The account as the input named it; `default` if it named none. */
  account: string;
  label?: string;
  batchId?: string;
  item?: string;
  sample?: number;
}

/** Where a result is in the store, and what proves that it is whole. */
export interface ResultRef {
  /** Store key of the raw body as the provider sent it, gzip-compressed. */
  path: string;
  /** Size and SHA-256 (hex) of the uncompressed raw body. */
  bytes: number;
  sha256: string;
  /** Whether an `Answer` could be made of it; if so it is at `answerPath`. */
  normalized: boolean;
  answerPath?: string;
  /** The form that it is in, and why, where the one that was asked for could not be had any more. */
  instead?: { variant: string; why: string };
  /** Other forms of the same result, collected beside it. */
  variants?: StoredVariant[];
}

/** A raw body that was collected beside a scrape's result, gzip-compressed like it. */
export interface StoredVariant {
  /** The provider's word for the form, such as `html`. */
  variant: string;
  path: string;
  bytes: number;
  sha256: string;
}

/** A scrape's one line: what `status --json` prints and what `scrapeWorkflow` returns. */
export interface ScrapeRecord extends ScrapeRef {
  outcome: Outcome;
  /** How often it was bought or possibly bought. */
  submissions: number;
  /** What the provider charged, summed over the submissions. */
  charge: Charge;
  /** What purchases with a lost answer may have cost on top. */
  possiblySpent: Charge;
  /** The part of `charge` that the provider documents to give back but does not confirm. */
  refundExpected: Charge;
  /** When its last submission was begun, our clock, ISO 8601; absent if none was, and in records of 0.1.0. */
  begunAt?: string;
  /** Provider clock of the last purchase, ISO 8601. */
  submittedAt?: string;
  /** When the provider says the result was ready, ISO 8601. */
  readyAt?: string;
  /** When the result was in the store, ISO 8601, our clock. */
  collectedAt?: string;
  result?: ResultRef;
  failure?: Failure;
  /** True when our own simulator answered: no money was spent and nothing here is real. */
  simulated: boolean;
}
