import { formatCharge, formatUsd, totalUsdMicros } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';

/** A charge, and the one amount that it comes to where the configuration says what a credit costs. */
export function formatTotal(charge: Charge, usdPerCredit: number | undefined): string {
  const total = charge.credits ? totalUsdMicros(charge, usdPerCredit) : undefined;
  return total === undefined ? formatCharge(charge) : `${formatCharge(charge)} (${formatUsd(total)} in all)`;
}
