import type { Charge } from '../../contracts/money.ts';
import type { ScrapeRequest } from '../../contracts/scrape.ts';
import { parseJson } from '../parse-json.ts';
import { familyOf } from './families.ts';
import { AI_OVERVIEW_MICROS } from './price.ts';
import { payloadOf } from './result.ts';
import { readEnvelope } from './wire.ts';

/**
 * What the vendor says that it gives back of the charge for a finished task: the surcharge for an AI overview where there
 * is none. Unused depth comes back too, but a result does not show how many pages were billed: only the list of purchases
 * does, later.
 */
export function expectedRefund(body: Uint8Array, { scraper, params }: ScrapeRequest): Charge {
  const paid = { ...params, ...familyOf(scraper).always }['load_async_ai_overview'] === true;
  // It names everything on the page, also in the form that leaves overviews out; a body without it shows nothing.
  const seen = payloadOf(readEnvelope(parseJson(body))?.tasks[0]?.result)?.['item_types'];
  const missing = Array.isArray(seen) && !seen.includes('ai_overview');
  return paid && missing ? { usdMicros: AI_OVERVIEW_MICROS } : {};
}
