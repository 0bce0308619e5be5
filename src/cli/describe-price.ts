import type { PreparedBatch } from '../client/prepare-batch.ts';
import { previewPrice, type PricePreview } from '../client/price-preview.ts';
import type { StartedBatch } from '../client/start-batch.ts';
import { toRef } from '../contracts/to-ref.ts';
import type { BatchInput } from '../contracts/batch.ts';
import { ceilingOf, fitsUnder, formatCeiling } from '../contracts/ceiling.ts';
import { CURRENCIES } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import { priceTable } from './price-table.ts';
import { formatDuration } from './show-batch.ts';
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

/** The same scrape by scraper, with the other ways to buy them, and how long it takes. */
export function previewLines(preview: PricePreview): string[] {
  const { overMaxCharge, typicalMs } = preview;
  return [
    ...priceTable(preview).split('\n'),
    `in all about ${formatDuration(typicalMs)} if all goes as usual`,
    ...(overMaxCharge === 0
      ? []
      : [`${overMaxCharge} may cost more than their maxCharge (--max-charge) and will be refused`]),
  ];
}

export function previewOf({ input, pages }: PreparedBatch, usdPerCredit?: number): PricePreview {
  const purchases = pages.flat().map(({ scrapeId, input: row, bound }) => {
    const { scraper } = toRef(scrapeId, row);
    return { scraper, params: row.params ?? {}, bound, maxCharge: row.maxCharge ?? input.maxCharge };
  });
  const { window } = input;
  return previewPrice(purchases, { usdPerCredit, ...(window !== undefined && { window }) });
}

/** What became of the ceiling that was given with a batch that runs already. */
export function ceilingWords(
  input: BatchInput,
  { ceiling, raised, attached, running }: StartedBatch,
): string | undefined {
  const wanted = ceilingOf(input);
  if (!wanted || !attached || !running) return undefined;
  if (raised && ceiling) return `its ceiling is ${formatCeiling(ceiling)} now`;
  const differs = CURRENCIES.some(
    (currency) => wanted[currency] !== undefined && wanted[currency] !== ceiling?.[currency],
  );
  if (!differs) return undefined;
  const kept = ceiling ? `stays at ${formatCeiling(ceiling)}` : 'has none, and keeps none';
  return `its ceiling ${kept}: while a batch runs, its ceiling can be raised, not lowered or set (gleaner cancel ends its buying)`;
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
