import type { Charge } from '../../contracts/money.ts';
import type { ScrapeRequest } from '../../contracts/scrape.ts';
import { parseJson } from '../parse-json.ts';
import { codeRow } from './codes.ts';
import { familyOf } from './families.ts';
import { AI_OVERVIEW_MICROS, clickMicros, priceBound } from './price.ts';
import { payloadOf } from './result.ts';
import { readEnvelope } from './wire.ts';

/**
 * What the vendor says that it gives back of the charge for a finished task: the surcharge for an AI overview where there
 * is none, and that for clicks where there was nothing to click on ("if the element is absent or we perform fewer clicks
 * than you specified", `people_also_ask_click_depth`). How many clicks there were does not show. Unused depth comes back too, but a result does not show how many pages were billed: only the list of purchases
 * does, later.
 */
export function expectedRefund(body: Uint8Array, { scraper, params }: ScrapeRequest): Charge {
  const isOverviewPaid = { ...params, ...familyOf(scraper).always }['load_async_ai_overview'] === true;
  const envelope = readEnvelope(parseJson(body));
  const task = envelope?.tasks[0];
  // It names everything on the page, also in the form that leaves overviews out; a body without it shows nothing.
  const seen = payloadOf(task?.result)?.['item_types'];
  const code = task?.status_code ?? envelope?.code;
  // 40102: a page without results has no overview. That such a task is billed says nothing of its surcharge.
  const isNoPage = code !== undefined && codeRow(code).check === 'empty';
  const isMissing = (type: string): boolean => isNoPage || (Array.isArray(seen) && !seen.includes(type));
  const usdMicros =
    (isOverviewPaid && isMissing('ai_overview') ? AI_OVERVIEW_MICROS : 0) +
    (isMissing('people_also_ask') ? clickMicros(params) : 0);
  return usdMicros > 0 ? { usdMicros } : {};
}

/**
 * The most that may come back of a charge: all pages but the first, "if the search engine returns fewer results" (`depth`),
 * and the surcharges for an AI overview and for clicks. Whether pages come back for other families than images and news is not stated.
 */
export function mayGiveBack(request: ScrapeRequest): Charge {
  const { max_crawl_pages: _, ...params } = request.params;
  const onePage = priceBound({ ...request, params: { ...params, depth: 1 } }).usdMicros ?? 0;
  const pages = (priceBound(request).usdMicros ?? 0) - onePage;
  const wanted = { ...params, ...familyOf(request.scraper).always }['load_async_ai_overview'] === true;
  const usdMicros = pages + (wanted ? AI_OVERVIEW_MICROS : 0) + clickMicros(params);
  return usdMicros > 0 ? { usdMicros } : {};
}
