import { expect, it } from 'vitest';
import type { Params } from '../../../src/contracts/scrape.ts';
import { possiblePrices } from '../../../src/providers/dataforseo/possible-prices.ts';
import { priceBound } from '../../../src/providers/dataforseo/price.ts';

const of = (prompt: string, params: Params = {}) =>
  ({ scraper: 'dataforseo/google-organic', prompt, market: 'US/en', params }) as const;

it.each<[string, string, Params, number[]]>([
  ['a plain request', 'oat milk', {}, [600]],
  ['one with an overview', 'oat milk', { load_async_ai_overview: true }, [1_200]],
  ['a keyword that may be an operator', 'paid: oat milk', {}, [3_000, 600]],
  [
    'an operator and what comes on top',
    'site:oat.example',
    { load_async_ai_overview: true },
    [6_000, 1_200, 3_600],
  ],
  ['rectangles of a dear page', 'oat milk', { priority: 2, calculate_rectangles: true }, [2_400, 1_800]],
])('%s has the prices that it can be read to have, the reserved one first', (_, prompt, params, prices) => {
  const request = of(prompt, params);
  expect(possiblePrices(request).map(({ usdMicros }) => usdMicros)).toEqual(prices);
  expect(possiblePrices(request)[0]).toEqual(priceBound(request));
});
