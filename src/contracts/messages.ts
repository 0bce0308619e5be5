/** Signal to a scrape: `{taskId}` of this scrape seems to be ready. A hint: it causes a look, never a result. */
export const COMPLETED_SIGNAL = 'completed';
export interface CompletedHint {
  taskId: string;
  /** Its result was posted to us: it may be in the store already. */
  posted?: boolean;
}

/** Signal to a collector, which starts one if none runs: its lists are wanted; see contracts/collector.ts. */
export const WANTED_SIGNAL = 'wanted';

/** Query of scrapes, batches, partitions and collectors: where it stands. */
export const PROGRESS_QUERY = 'progress';

/** Signal from a partition to its batch, at most every tenth of its scrapes. */
export const PARTITION_PROGRESS_SIGNAL = 'partitionProgress';

/** What `progress` of a scrape answers. */
export interface ScrapeProgress {
  state: 'submitting' | 'reconciling' | 'waiting' | 'collecting' | 'recording' | 'ended';
  submission: number;
  /** Why it waits, in words. */
  detail: string;
}

/** Signal to a batch, which passes it on: `{maxCredits}` and `{maxUsd}` are its ceiling from now on, if they are higher. */
export const RAISE_CEILING_SIGNAL = 'raiseCeiling';

/** Search attributes, all keywords; `temporal workflow list --query "BatchId='batch/demo'"`. */
export const SEARCH_ATTRIBUTES = ['Scraper', 'BatchId', 'Account', 'Label'] as const;
