import type { Ceiling } from '../contracts/ceiling.ts';
import { fitsUnder, leftOf } from '../contracts/ceiling.ts';
import { CURRENCIES, addCharges, withoutCharge } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';

/**
 * A partition's share of the batch's ceiling, in each currency by itself. Pure bookkeeping: money is granted before a
 * scrape starts and given back when it ends for less, so grants and spend never pass the ceiling at any concurrency.
 */
export class Budget {
  readonly #ceiling: Ceiling;
  /** Of scrapes that have not ended. */
  #granted: Charge = {};
  #spent: Charge = {};

  /** `ceiling`: what may be spent from now on; a currency that it does not have, or all of them, has no limit. */
  constructor(ceiling: Ceiling = {}) {
    this.#ceiling = ceiling;
  }

  /** What could still be granted, in the currencies that have a ceiling. */
  get left(): Ceiling {
    return leftOf(this.#ceiling, addCharges(this.#granted, this.#spent));
  }

  /** Grants `bound` if it is left in all its currencies; nothing always, also past the ceiling. */
  grant(bound: Charge): boolean {
    if (!fitsUnder(bound, this.left)) return false;
    this.#granted = addCharges(this.#granted, bound);
    return true;
  }

  /** Whether `bound` may be granted once others have ended: in every currency that is short, some of it is granted. */
  mayBeGrantedLater(bound: Charge): boolean {
    const { left } = this;
    return CURRENCIES.every((currency) => {
      const isShort = !fitsUnder({ [currency]: bound[currency] }, left);
      return !isShort || (this.#granted[currency] ?? 0) > 0;
    });
  }

  /** A scrape that was granted `granted` ended having spent `spent` of it. */
  settle(granted: Charge, spent: Charge): void {
    this.#granted = withoutCharge(this.#granted, granted);
    this.#spent = addCharges(this.#spent, spent);
  }
}
