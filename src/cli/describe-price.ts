import type { PreparedBatch } from '../client/prepare-batch.ts';
import type { BatchInput } from '../contracts/batch.ts';
import { ceilingOf, fitsUnder, formatCeiling } from '../contracts/ceiling.ts';
import type { Charge } from '../contracts/money.ts';
import { formatTotal } from './format-total.ts';

/** What a batch costs if everything is bought once, and what its ceilings are. */
export function describePrice(
  { input, items, manifest: { bound, total } }: PreparedBatch,
  usdPerCredit?: number,
): string {
  const prompts = items?.length ?? 0;
  const scrapers = new Set(items?.flatMap((item) => item.scrapers ?? input.scrapers ?? [])).size;
  const { samples = 1 } = input;
  const counts = [`${prompts} prompts`, `${scrapers} scrapers`, `${samples} samples`];
  // Not every prompt goes to every scraper where rows name their own.
  const product = prompts * scrapers * samples === total;
  const scrapes = product ? `${counts.join(' × ')} = ${total}` : `${counts.join(', ')}: ${total}`;
  return `${scrapes} scrapes, ${formatTotal(bound, usdPerCredit)} if each is bought once, ${describeCeiling(input, bound)}`;
}

/** Names the option of each currency that these scrapers are paid in and that has no ceiling. */
function describeCeiling(input: BatchInput, bound: Charge): string {
  const ceiling = ceilingOf(input);
  const inCredits = bound.credits !== undefined || bound.usdMicros === undefined;
  const open = [
    ...(inCredits && ceiling?.credits === undefined ? ['--max-credits'] : []),
    ...(bound.usdMicros !== undefined && ceiling?.usdMicros === undefined ? ['--max-usd'] : []),
  ].join(', ');
  if (!ceiling) return `no ceiling (${open})`;
  const also = open === '' ? '' : `, none in ${open === '--max-usd' ? 'dollars' : 'credits'} (${open})`;
  return `ceiling ${formatCeiling(ceiling)}${also}${warning(bound, ceiling)}`;
}

/** A price in credits is what it costs; one in dollars is the most that it can cost. */
function warning({ credits, usdMicros }: Charge, ceiling: Charge): string {
  if (!fitsUnder({ credits }, ceiling)) return ': not all of them will be bought';
  return fitsUnder({ usdMicros }, ceiling) ? '' : ': perhaps not all of them will be bought';
}
