import { DEFAULT_ACCOUNT } from './ids.ts';
import { DEFAULT_MARKET } from './market.ts';
import type { ScrapeInput, ScrapeRef } from './scrape.ts';
import { parseScraper } from './scrapers.ts';

/** The names of a scrape of a checked manifest. */
export function toRef(scrapeId: string, input: ScrapeInput): ScrapeRef {
  const parsed = parseScraper(input.scraper);
  if (!parsed.ok) throw new Error(`${scrapeId}: ${parsed.message}`);
  return {
    scrapeId,
    scraper: parsed.scraper,
    market: input.market ?? DEFAULT_MARKET,
    account: input.account ?? DEFAULT_ACCOUNT,
    ...(input.label !== undefined && { label: input.label }),
    ...(input.batchId !== undefined && { batchId: input.batchId }),
    ...(input.item !== undefined && { item: input.item }),
    ...(input.sample !== undefined && { sample: input.sample }),
  };
}
