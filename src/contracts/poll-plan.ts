/** When to look at a bought scrape. Ages count from the purchase, on the provider's clock; all values are milliseconds. */
export interface PollPlan {
  /** First look: the age at which a fifth of this engine's answers are ready; of hinted ones nearly all. */
  firstMs: number;
  /** Gap between looks until `wideAfterMs`. */
  gapMs: number;
  /** The age by which 99 % of the answers are ready. */
  wideAfterMs: number;
  /** Gap between looks after that. */
  wideGapMs: number;
  /** The age at which the provider forgets the task. */
  retentionMs: number;
  /** Somebody is expected to say that the task has ended (a list, a callback): the looks are only the back-stop. */
  hinted?: true;
}
