import { fitsUnder } from '../contracts/ceiling.ts';
import type { Intent, Receipt } from '../contracts/journal.ts';
import { addCharges } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';

/**
 * What a task cost before anything was given back. A list that was read after its end may show less already, which must
 * not be taken off a second time; more than the bound of its price it cannot have cost.
 */
export function grossCharge(
  charge: Charge,
  refund: Charge,
  { listedAtEnd }: Pick<Receipt, 'listedAtEnd'>,
  intent: Pick<Intent, 'bound'> | undefined,
): Charge {
  const before = addCharges(charge, refund);
  return listedAtEnd && intent && fitsUnder(before, intent.bound) ? before : charge;
}
