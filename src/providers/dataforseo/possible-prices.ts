import type { Charge } from '../../contracts/money.ts';
import type { ScrapeRequest } from '../../contracts/scrape.ts';
import { familyOf } from './families.ts';
import { OPERATOR_FACTOR, priceBound, RECTANGLES_MICROS } from './price.ts';

/**
 * Every price that the documentation can be read to ask for a request, the one that is reserved among them: whether a
 * keyword has an operator, whether that multiplies what comes on top of the pages too, and what rectangles add.
 */
export function possiblePrices(request: ScrapeRequest): Charge[] {
  const { url: _, search_param: __, ...params } = request.params;
  const micros = (changed: ScrapeRequest['params']): number =>
    priceBound({ ...request, prompt: '', params: changed }).usdMicros ?? 0;
  const { calculate_rectangles: rectangles, ...without } = params;
  const { load_async_ai_overview: ___, people_also_ask_click_depth: ____, ...pagesOnly } = without;
  const isAdded = rectangles === true && familyOf(request.scraper).price.rectangles === 'adds';
  const plain = [micros(params), ...(isAdded ? [micros(without) + RECTANGLES_MICROS] : [])];
  const pages = micros(pagesOnly);
  const reserved = priceBound(request).usdMicros ?? 0;
  const multiplied = plain.flatMap((price) => [
    price * OPERATOR_FACTOR,
    price + pages * (OPERATOR_FACTOR - 1),
  ]);
  const prices = [reserved, ...plain, ...(reserved > Math.max(...plain) ? multiplied : [])];
  return [...new Set(prices)].map((usdMicros) => ({ usdMicros }));
}
