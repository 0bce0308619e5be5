import type { Failure } from './failures.ts';
import type { OpenSubmission, Receipt, Refused } from './journal.ts';

/**
 * What became of one scrape whose first submission was bought in one call with others. It travels in the scrape's input,
 * so that its workflow begins where the purchase ended; the journal has the last word.
 */
export type PagePurchase =
  /** `journalled: false`: the receipt is only here, and the scrape writes it next. */
  | { kind: 'receipt'; receipt: Receipt; journalled: boolean }
  /** Nothing was bought. With `failure` it stays so; without, the scrape tries again by itself. */
  | { kind: 'refused'; refused: Refused; journalled: boolean; failure?: Failure }
  /** Its answer was lost. */
  | { kind: 'unknown'; open: OpenSubmission };

/** `alone`: nothing to tell, and the scrape submits by itself, which answers for everything that the journal knows. */
export type PageOutcome = PagePurchase | { kind: 'alone' };

/** How scrapes of one scraper may share a call. */
interface PageGroup {
  /** Scrapers with the same name go into one call. */
  group: string;
  maxTasks: number;
}

/** By scraper; those that are bought one by one are not in it. */
export type PageGroups = Record<string, PageGroup>;
