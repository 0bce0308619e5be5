import { DEFAULT_ACCOUNT } from './ids.ts';
import { DEFAULT_MARKET, formatMarket, parseMarket } from './market.ts';
import type { ScrapeInput, ScrapeRef } from './scrape.ts';
import { parseScraper } from './scrapers.ts';

/** The names of a scrape of a checked manifest. */
export function toRef(scrapeId: string, input: ScrapeInput): ScrapeRef {
  const parsed = parseScraper(input.scraper);
  if (!parsed.ok) throw new Error(`${scrapeId}: ${parsed.message}`);
  return {
    scrapeId,
    scraper: parsed.scraper,
    market: marketOf(input.market ?? DEFAULT_MARKET),
    account: input.account ?? DEFAULT_ACCOUNT,
    ...(input.label !== undefined && { label: input.label }),
    ...(input.batchId !== undefined && { batchId: input.batchId }),
    ...(input.item !== undefined && { item: input.item }),
    ...(input.sample !== undefined && { sample: input.sample }),
  };
}

/** As it is bought; what cannot be read is shown as it was given, and refused by the first activity. */
function marketOf(text: string): string {
  const market = parseMarket(text);
  return market ? formatMarket(market) : text;
}
