import { describe, expect, it } from 'vitest';
import { fitsUnder } from '../../src/contracts/ceiling.ts';
import { isFree } from '../../src/contracts/money.ts';
import type { Charge } from '../../src/contracts/money.ts';
import type { Params } from '../../src/contracts/scrape.ts';
import { SCRAPERS } from '../../src/contracts/scrapers.ts';
import { providerOf, scraperSpec } from '../../src/providers/registry.ts';

describe.each(SCRAPERS)('%s', (scraper) => {
  const provider = providerOf(scraper);
  const { params, price, modes } = scraperSpec(scraper);
  const boundOf = (given: Params, prompt = 'oat milk') =>
    provider.priceBound({ scraper, prompt, market: 'US/en', params: given });
  /** Every parameter that the scraper has and that can raise a price, at its dearest. */
  const dearest: Params = Object.fromEntries(
    Object.entries(params).flatMap(([name, spec]): Array<[string, number | boolean]> => {
      if (spec.type === 'boolean') return [[name, true]];
      return spec.type === 'number' ? [[name, spec.max]] : [];
    }),
  );

  it('has a bound above nothing, in one currency, of whole units', () => {
    const bound = boundOf({});
    expect(isFree(bound)).toBe(false);
    expect(Object.keys(bound)).toHaveLength(1);
    expect(Object.values(bound).every(Number.isSafeInteger)).toBe(true);
  });

  it('costs no less with any of its parameters, or all of them', () => {
    // Crawled pages stand for depth where both are given, so that one is left out of all.
    const { max_crawl_pages: _, ...all } = dearest;
    for (const [name, value] of Object.entries(dearest)) {
      expect(isAtMost(boundOf({}), boundOf({ [name]: value }))).toBe(true);
    }
    for (const [name, value] of Object.entries(all)) {
      expect(isAtMost(boundOf({ [name]: value }), boundOf(all))).toBe(true);
    }
  });

  it('is previewed at its bound, the usual way first, and at no more than the live price', () => {
    expect(modes[0]).toMatchObject({ name: 'standard', price, offered: true });
    for (const mode of modes.filter(({ offered }) => offered)) {
      expect(mode.price).toEqual(boundOf(mode.params ?? {}));
    }
    for (const live of modes.filter(({ name }) => name === 'live')) {
      expect(isAtMost(boundOf({}), live.price)).toBe(true);
    }
  });
});

function isAtMost(charge: Charge, most: Charge): boolean {
  return fitsUnder(charge, { credits: 0, usdMicros: 0, ...most });
}

describe('an answer of an assistant at DataForSEO', () => {
  it.each(['dataforseo/chatgpt', 'dataforseo/gemini'] as const)(
    '%s has the three prices of the vendor',
    (scraper) => {
      expect(scraperSpec(scraper).modes.map(({ name, price }) => [name, price.usdMicros])).toEqual([
        ['standard', 1_200],
        ['high priority', 2_400],
        ['live', 4_000],
      ]);
    },
  );
});
