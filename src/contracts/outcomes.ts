/** How a scrape can end; each scrape has exactly one. `refused`: nothing was bought. */
export const OUTCOMES = ['done', 'empty', 'failed', 'expired', 'unknown', 'cancelled', 'refused'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** A batch's scrapes by outcome; `open` are those without one yet. The sum is the batch's total. */
export type Counts = Record<Outcome | 'open', number>;

export function emptyCounts(): Counts {
  return { done: 0, empty: 0, failed: 0, expired: 0, unknown: 0, cancelled: 0, refused: 0, open: 0 };
}

/** Whether the answer was collected; everything else makes a command exit with 3. */
export function isSuccess(outcome: Outcome): boolean {
  return outcome === 'done' || outcome === 'empty';
}

/** Whether starting the scrape again could change nothing: all but those of which nothing was bought. */
export function isFinal(outcome: Outcome): boolean {
  return outcome !== 'cancelled' && outcome !== 'refused';
}
