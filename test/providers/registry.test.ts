import { expect, it } from 'vitest';
import { PROVIDERS, SCRAPERS, scrapersOf, splitScraper } from '../../src/contracts/scrapers.ts';
import { PROVIDERS_BY_NAME, providerOf, scraperSpec } from '../../src/providers/registry.ts';

it.each(SCRAPERS)('knows the provider and the row of %s', (scraper) => {
  const { provider } = splitScraper(scraper);
  expect(providerOf(scraper)).toBe(PROVIDERS_BY_NAME[provider]);
  expect(PROVIDERS_BY_NAME[provider].name).toBe(provider);
  expect(scraperSpec(scraper).price).not.toEqual({});
});

it.each(PROVIDERS)('has every scraper of %s in its table, and no other', (provider) => {
  expect(Object.keys(PROVIDERS_BY_NAME[provider].scrapers)).toEqual(scrapersOf(provider));
});

it.each(SCRAPERS)('takes %s to answer most often between its first look and its tail', (scraper) => {
  const { p20Ms, p50Ms, p99Ms } = scraperSpec(scraper).typical;
  expect(p20Ms).toBeLessThan(p50Ms);
  expect(p50Ms).toBeLessThan(p99Ms);
});
