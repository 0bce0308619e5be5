import type { Ceiling } from '../contracts/ceiling.ts';
import { fitsUnder, leftOf } from '../contracts/ceiling.ts';
import { addCharges, withoutCharge } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';

/**
 * The money of one purse: a scrape, a part of a batch, a day of an account. Every amount that may have been spent is in
 * exactly one of the first three places; nothing is ever below zero, in no currency.
 */
export interface Ledger {
  /** Promised to purchases that have not been answered. */
  reserved: Charge;
  /** What providers charged. */
  charged: Charge;
  /** Of purchases whose answer was lost: what they cost if they went through. */
  possiblySpent: Charge;
  /** The part of `charged` that a provider documents to give back and does not confirm; it counts all the same. */
  refundExpected: Charge;
}

export const EMPTY_LEDGER: Ledger = { reserved: {}, charged: {}, possiblySpent: {}, refundExpected: {} };

/** What counts against a ceiling: an expected refund does not lower it, what is reserved or in doubt does. */
export function committed({ reserved, charged, possiblySpent }: Ledger): Charge {
  return addCharges(reserved, charged, possiblySpent);
}

/** What a ceiling leaves, in the currencies that it limits; never below zero. */
export function leftUnder(ceiling: Ceiling, ledger: Ledger): Ceiling {
  return leftOf(ceiling, committed(ledger));
}

/** Reserves the most that a purchase can cost; undefined if the ceiling has no room for it. Nothing always has room. */
export function reserve(ledger: Ledger, bound: Charge, ceiling: Ceiling = {}): Ledger | undefined {
  if (!fitsUnder(bound, leftUnder(ceiling, ledger))) return undefined;
  return { ...ledger, reserved: addCharges(ledger.reserved, bound) };
}

/** A purchase that `bound` was reserved for was charged `charge`; nothing, if it was refused or never made. */
export function settle(ledger: Ledger, bound: Charge, charge: Charge, refundExpected: Charge = {}): Ledger {
  return {
    ...ledger,
    reserved: withoutCharge(ledger.reserved, bound),
    charged: addCharges(ledger.charged, charge),
    refundExpected: addCharges(ledger.refundExpected, refundExpected),
  };
}

/** The answer of a purchase was lost: what was reserved stays spent, possibly. */
export function doubt(ledger: Ledger, bound: Charge): Ledger {
  return {
    ...ledger,
    reserved: withoutCharge(ledger.reserved, bound),
    possiblySpent: addCharges(ledger.possiblySpent, bound),
  };
}
