import type { Receipt } from '../contracts/journal.ts';
import { addCharges, isFree, withoutCharge } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';

/**
 * What a task cost before anything was given back, and how much of that is expected back. A list that was read after its
 * end may show less already, which must not be taken off a second time. It does if what it shows is none of the `prices`
 * that the task can have had, and is one of them together with the refund. Where neither or both are, nobody can tell:
 * then what the list says was charged, and nothing more is expected.
 */
export function grossCharge(
  charge: Charge,
  refund: Charge,
  { listedAtEnd }: Pick<Receipt, 'listedAtEnd'>,
  prices: readonly Charge[],
): { charge: Charge; refundExpected: Charge } {
  // A part of the charge, whatever a provider's table of prices says.
  const partOf = (whole: Charge): Charge => withoutCharge(whole, withoutCharge(whole, refund));
  const isPrice = (whole: Charge): boolean => prices.some((price) => isSame(whole, price));
  if (!listedAtEnd || isFree(refund)) return { charge, refundExpected: partOf(charge) };
  const before = addCharges(charge, refund);
  if (isPrice(charge) === isPrice(before)) return { charge, refundExpected: {} };
  const whole = isPrice(charge) ? charge : before;
  return { charge: whole, refundExpected: partOf(whole) };
}

function isSame(one: Charge, other: Charge): boolean {
  return isFree(withoutCharge(one, other)) && isFree(withoutCharge(other, one));
}
