import { DEFAULT_MARKET, formatMarket, parseMarket } from '../market.ts';
import type { ScrapeInput, ScrapeRequest } from '../scrape.ts';
import { parseScraper } from '../scrapers.ts';
import { canonicalJson, sha256Hex } from './canonical-json.ts';
import type { Problem } from './problems.ts';
import { parseScrapeInput } from './scrape-input.ts';

export type ResolvedRequest = { ok: true; request: ScrapeRequest } | { ok: false; problems: Problem[] };

/** What an input buys, written out: the scraper in full, the market with its default, all parameters that were given. */
export function toRequest(input: ScrapeInput): ResolvedRequest {
  const parsed = parseScrapeInput(input);
  if (!parsed.ok) return parsed;
  const { prompt, params = {} } = parsed.input;
  const scraper = parseScraper(parsed.input.scraper);
  const market = parseMarket(parsed.input.market ?? DEFAULT_MARKET);
  if (!scraper.ok) return { ok: false, problems: [{ field: 'scraper', message: scraper.message }] };
  if (!market) {
    return { ok: false, problems: [{ field: 'market', message: 'must be a country or country/language' }] };
  }
  return {
    ok: true,
    request: { scraper: scraper.scraper, prompt, market: formatMarket(market), params: { ...params } },
  };
}

/** SHA-256 (hex) of what is bought and of nothing else; the same request has the same one in every release. */
export function fingerprintOf({ scraper, prompt, market, params }: ScrapeRequest): string {
  return sha256Hex(canonicalJson({ scraper, prompt, market, params }));
}
