import { splitScraper } from '../contracts/scrapers.ts';
import type { ProviderName, Scraper } from '../contracts/scrapers.ts';
import { createDataForSeo } from './dataforseo/adapter.ts';
import type { Provider, ScraperSpec } from './provider.ts';
import { createScrapeLlm } from './scrapellm/adapter.ts';

/** Every provider that Gleaner can buy from. A new one is a folder beside this file and a line here. */
export const PROVIDERS_BY_NAME: Record<ProviderName, Provider> = {
  scrapellm: createScrapeLlm(),
  dataforseo: createDataForSeo(),
};

/** The provider of a scraper. */
export function providerOf(scraper: Scraper): Provider {
  return PROVIDERS_BY_NAME[splitScraper(scraper).provider];
}

/** The row of a scraper: prices, parameters, markets, times. Throws if the provider's table lacks it. */
export function scraperSpec(scraper: Scraper): ScraperSpec {
  const spec = providerOf(scraper).scrapers[scraper];
  if (!spec) throw new Error(`${scraper} has no row in its provider's table`);
  return spec;
}
