import type { ProviderName, Scraper } from './scrapers.ts';

/** Batch names, labels in ids, account names: what may stand in a path, a URL and a query without quoting. */
export const NAME_PATTERN = /^[A-Za-z0-9._-]+$/;

/** The task queue of the workflows unless `GLEANER_TASK_QUEUE` says otherwise. */
export const DEFAULT_TASK_QUEUE = 'gleaner';

/** The account that serves a scrape whose input names none. */
export const DEFAULT_ACCOUNT = 'default';

/** The account of our own simulator; a worker that holds real keys never serves it. */
export const SIMULATOR_ACCOUNT = 'simulator';

export function batchId(name: string): string {
  return `batch/${name}`;
}

export function partitionId(batch: string, page: number): string {
  return `${batch}/p${page}`;
}

/** The workflow of a batch's n-th retry, from 1. */
export function retryId(batch: string, n: number): string {
  return `${batch}/retry/${n}`;
}

/** The batch that an id is below; undefined if it is a single scrape's. */
export function batchOf(scrapeId: string): string | undefined {
  return /^batch\/[^/]+(?=\/)/.exec(scrapeId)?.[0];
}

/** `sample` counts from 1. */
export function batchScrapeId(batch: string, item: string, scraper: Scraper, sample: number): string {
  return `${batch}/${item}/${scraper}/${sample}`;
}

export function singleScrapeId(scraper: Scraper, uuid: string): string {
  return `scrape/${scraper}/${uuid}`;
}

/** One collector an account, under the account's own name. */
export function collectorId(provider: ProviderName, account: string): string {
  return `collector/${provider}/${account}`;
}

/**
 * Queues of the calls that cost money or quota. They are never the workflows' own queue: the server hands an activity
 * of that queue out eagerly and past the queue's rate limit (temporal-verified, section 3).
 */
export function submitQueue(taskQueue: string, provider: ProviderName, account: string): string {
  return `${taskQueue}/${provider}/${account}/submit`;
}

export function readQueue(taskQueue: string, provider: ProviderName, account: string): string {
  return `${taskQueue}/${provider}/${account}/read`;
}

/**
 * The queue of an account's lists, apart from its looks: those may be thousands and are rate-limited, while a collector
 * runs for minutes and has to stop at once with its worker.
 */
export function listQueue(taskQueue: string, provider: ProviderName, account: string): string {
  return `${taskQueue}/${provider}/${account}/list`;
}
