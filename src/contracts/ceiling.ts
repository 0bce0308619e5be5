import { CURRENCIES, formatCredits, formatUsd, toMicros, toUsd } from './money.ts';
import type { Charge } from './money.ts';

/** The most that may be spent, by currency. Other than in a charge, absent means without limit, and zero means nothing. */
export type Ceiling = Charge;

/** A ceiling as inputs have it. */
export interface CeilingFields {
  maxCredits?: number;
  /** Dollars, with at most 6 decimals. */
  maxUsd?: number;
}

/** The ceiling of an input that was checked; undefined if there is none in either currency. */
export function ceilingOf({ maxCredits, maxUsd }: CeilingFields): Ceiling | undefined {
  if (maxCredits === undefined && maxUsd === undefined) return undefined;
  return {
    ...(maxCredits !== undefined && { credits: maxCredits }),
    // What cannot be read as dollars was refused before; should it come here all the same, it buys nothing.
    ...(maxUsd !== undefined && { usdMicros: toMicros(maxUsd) ?? 0 }),
  };
}

/** The inverse: the fields of an input that say this ceiling. */
export function ceilingFields({ credits, usdMicros }: Ceiling): CeilingFields {
  return {
    ...(credits !== undefined && { maxCredits: credits }),
    ...(usdMicros !== undefined && { maxUsd: toUsd(usdMicros) }),
  };
}

/** Whether a charge keeps a ceiling. It needs room only in its own currencies, and nothing needs none. */
export function fitsUnder(charge: Charge, ceiling: Ceiling): boolean {
  return CURRENCIES.every((currency) => {
    const amount = charge[currency] ?? 0;
    return amount === 0 || amount <= (ceiling[currency] ?? Number.POSITIVE_INFINITY);
  });
}

/** `charge` as a ceiling in the currencies that `ceiling` limits, and in no others. */
export function limitTo(charge: Charge, ceiling: Ceiling): Ceiling {
  const limit: Ceiling = {};
  for (const currency of CURRENCIES) {
    if (ceiling[currency] !== undefined) limit[currency] = charge[currency] ?? 0;
  }
  return limit;
}

/** What is left under a ceiling after `spent`; never below zero. */
export function leftOf(ceiling: Ceiling, spent: Charge): Ceiling {
  const left: Ceiling = {};
  for (const currency of CURRENCIES) {
    const limit = ceiling[currency];
    if (limit !== undefined) left[currency] = Math.max(0, limit - (spent[currency] ?? 0));
  }
  return left;
}

/** A ceiling after it was raised: never lower, and without a limit where it had none. The same object if nothing is higher. */
export function raisedCeiling(ceiling: Ceiling, to: Ceiling): Ceiling {
  let raised = ceiling;
  for (const currency of CURRENCIES) {
    const limit = ceiling[currency];
    const wanted = to[currency] ?? 0;
    if (limit !== undefined && wanted > limit) raised = { ...raised, [currency]: wanted };
  }
  return raised;
}

/** What can be read in a signal that anybody may have typed; nothing throws in its handler. */
export function readCeiling(value: unknown): Ceiling {
  const { maxCredits, maxUsd } = (typeof value === 'object' && value !== null ? value : {}) as CeilingFields; // checked next
  const usdMicros = typeof maxUsd === 'number' ? toMicros(maxUsd) : undefined;
  return {
    ...(Number.isSafeInteger(maxCredits) && { credits: maxCredits }),
    ...(usdMicros !== undefined && { usdMicros }),
  };
}

/** For people: `9 credits`, `$0.50`, `9 credits + $0.50`; a zero is said too. */
export function formatCeiling({ credits, usdMicros }: Ceiling): string {
  return [
    ...(credits === undefined ? [] : [formatCredits(credits)]),
    ...(usdMicros === undefined ? [] : [formatUsd(usdMicros)]),
  ].join(' + ');
}
