import { ceilingOf, fitsUnder, formatCeiling, leftOf } from '../contracts/ceiling.ts';
import { formatCharge, parseCharge } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import type { ScrapeInput, ScrapeRef } from '../contracts/scrape.ts';
import { failure } from './failure-table.ts';

/**
 * P3 for one scrape: this purchase's bound must keep its `maxCharge`, and fit into what the journal leaves of its ceiling.
 * Throws the final `BudgetExceeded`.
 */
export function assertWithinLimits(ref: ScrapeRef, input: ScrapeInput, spent: Charge, bound: Charge): void {
  assertWithinMaxCharge(ref, input, bound);
  const ceiling = ceilingOf(input);
  if (!ceiling || fitsUnder(bound, leftOf(ceiling, spent))) return;
  const { credits, usdMicros } = ceiling;
  const [most, field] = bound.usdMicros
    ? [formatCeiling({ usdMicros }), 'maxUsd']
    : [formatCeiling({ credits }), 'maxCredits'];
  throw failure(
    'BudgetExceeded',
    `${ref.scrapeId}: one more submission costs up to ${formatCharge(bound)}, ${formatCharge(spent)} of at most ` +
      `${most} are spent, and nothing more was bought. Raise ${field} to go on.`,
    { final: true },
  );
}

/** An input may have been typed by hand: what cannot be read as an amount was refused before, and allows nothing here. */
function assertWithinMaxCharge(ref: ScrapeRef, { maxCharge }: ScrapeInput, bound: Charge): void {
  if (maxCharge === undefined) return;
  const limit = parseCharge(maxCharge) ?? { credits: 0, usdMicros: 0 };
  if (fitsUnder(bound, limit)) return;
  throw failure(
    'BudgetExceeded',
    `${ref.scrapeId}: a submission may cost up to ${formatCharge(bound)}, more than the ${maxCharge} of maxCharge, so nothing ` +
      `was sent. Raise maxCharge (--max-charge), or leave out what makes it dearer, and start it again.`,
    { final: true },
  );
}
