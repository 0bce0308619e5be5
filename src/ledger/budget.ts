import type { Ceiling } from '../contracts/ceiling.ts';
import { fitsUnder } from '../contracts/ceiling.ts';
import { CURRENCIES } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import { EMPTY_LEDGER, leftUnder, reserve, settle } from './ledger.ts';

/**
 * A partition's share of the batch's ceiling, in each currency by itself: money is granted before a scrape starts and given
 * back when it ends for less, so grants and spend never pass the ceiling at any concurrency. Runs in the workflow sandbox.
 */
export class Budget {
  #ceiling: Ceiling;
  #ledger = EMPTY_LEDGER;

  /** `ceiling`: what may be spent from now on; a currency that it does not have, or all of them, has no limit. */
  constructor(ceiling: Ceiling = {}) {
    this.#ceiling = ceiling;
  }

  /** What could still be granted, in the currencies that have a ceiling. */
  get left(): Ceiling {
    return leftUnder(this.#ceiling, this.#ledger);
  }

  /** Grants `bound` if it is left in all its currencies; nothing always, also past the ceiling. */
  grant(bound: Charge): boolean {
    const granted = reserve(this.#ledger, bound, this.#ceiling);
    this.#ledger = granted ?? this.#ledger;
    return granted !== undefined;
  }

  /** Grants what was spent or begun already, also past the ceiling: nothing more is granted until it fits. */
  setAside(bound: Charge): void {
    this.#ledger = reserve(this.#ledger, bound) ?? this.#ledger; // without a ceiling there is always room
  }

  /** Whether `bound` may be granted once others have ended: in every currency that is short, some of it is granted. */
  mayBeGrantedLater(bound: Charge): boolean {
    const { left } = this;
    return CURRENCIES.every((currency) => {
      const isShort = !fitsUnder({ [currency]: bound[currency] }, left);
      return !isShort || (this.#ledger.reserved[currency] ?? 0) > 0;
    });
  }

  /** A scrape that was granted `granted` ended having spent `spent` of it. */
  settle(granted: Charge, spent: Charge): void {
    this.#ledger = settle(this.#ledger, granted, spent);
  }

  /** Adds `more` to the ceiling, in the currencies that it limits. */
  raise(more: Charge): void {
    const raised: Ceiling = {};
    for (const currency of CURRENCIES) {
      const limit = this.#ceiling[currency];
      if (limit !== undefined) raised[currency] = limit + (more[currency] ?? 0);
    }
    this.#ceiling = raised;
  }
}
