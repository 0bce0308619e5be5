/**
 * A partition's share of the batch's ceiling, in credits. Pure bookkeeping: money is granted before a scrape starts and
 * given back when it ends for less, so the sum of grants never passes the limit at any concurrency.
 */
export class Budget {
  readonly #limit: number | undefined;
  #granted = 0;

  /** `limit`: what may be spent from now on; undefined for no ceiling. */
  constructor(limit: number | undefined) {
    this.#limit = limit;
  }

  /** What could still be granted. */
  get left(): number {
    return this.#limit === undefined ? Number.POSITIVE_INFINITY : this.#limit - this.#granted;
  }

  /** Grants `credits` if they are left; without a ceiling always, and nothing always, also past the ceiling. */
  grant(credits: number): boolean {
    if (credits > Math.max(0, this.left)) return false;
    this.#granted += credits;
    return true;
  }

  /** A scrape that was granted `granted` ended having spent `spent` of it. */
  settle(granted: number, spent: number): void {
    this.#granted += spent - granted;
  }
}
