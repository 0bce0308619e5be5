import { expect, it } from 'vitest';
import { SCRAPERS } from '../../src/contracts/scrapers.ts';
import { PROVIDERS_BY_NAME, providerOf, scraperSpec } from '../../src/providers/registry.ts';

it.each(SCRAPERS)('knows the provider and the row of %s', (scraper) => {
  expect(providerOf(scraper)).toBe(PROVIDERS_BY_NAME.scrapellm);
  expect(scraperSpec(scraper)).toMatchObject({
    maxPromptChars: 4_000,
    price: { credits: 3 },
    retentionMs: 86_400_000,
  });
});

it.each(SCRAPERS)('takes %s to answer most often between its first look and its tail', (scraper) => {
  const { p20Ms, p50Ms, p99Ms } = scraperSpec(scraper).typical;
  expect(p20Ms).toBeLessThan(p50Ms);
  expect(p50Ms).toBeLessThan(p99Ms);
});
