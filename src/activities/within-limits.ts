import { ceilingOf, fitsUnder, formatCeiling, leftOf, limitTo } from '../contracts/ceiling.ts';
import { batchOf } from '../contracts/ids.ts';
import { formatCharge, parseCharge } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import type { ScrapeInput, ScrapeRef } from '../contracts/scrape.ts';
import type { ActivityDeps } from './deps.ts';
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

/**
 * A batch shares its ceiling out among the scrapes that it starts itself. One that somebody starts by its id has no share:
 * it collects what is paid, and another purchase is the batch's to make. Throws the final `BudgetExceeded`.
 */
export async function assertHasShare(deps: ActivityDeps, ref: ScrapeRef, bound: Charge): Promise<void> {
  const batch = batchOf(ref.scrapeId);
  if (batch === undefined) return;
  const { batches } = deps.store;
  // A batch that was run by 0.1.0 alone has its ceiling in its record.
  const ceiling = (await batches.readCeiling(batch)) ?? (await batches.readRecord(batch))?.ceiling;
  if (!ceiling || fitsUnder(bound, limitTo({}, ceiling))) return;
  throw failure(
    'BudgetExceeded',
    `${ref.scrapeId}: it was started by itself, and a purchase of up to ${formatCharge(bound)} is for ${batch} to make, which ` +
      `has a ceiling: what is paid is collected, and nothing more was bought. Start ${batch} again under its name, with a ` +
      `higher ${bound.usdMicros ? '--max-usd' : '--max-credits'} if it was refused for that`,
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
