import type { Family } from './families.ts';
import type { Order } from './validate-task.ts';

/** What a task costs when it is posted, in micro-USD. */
export interface Quote {
  totalMicros: number;
  /** Pages that were asked and paid for. */
  pages: number;
  /** The parts of the total that may come back. */
  pagesMicros: number;
  aiOverviewMicros: number;
  clickMicros: number;
}

/** Extra charges of field pages, micro-USD. */
const AI_OVERVIEW_MICROS = 600;
const RECTANGLES_MICROS = 600;
const CLICK_MICROS = 150;
const OPERATOR_FACTOR = 5;

/**
 * The charge for a task, all surcharges included; sections 7 and 12 of the vendor's contract. `percent`: what the account
 * pays of the documented price.
 */
export function quote({ family, data, keyword }: Order, percent = 100): Quote {
  const { price } = family;
  const pages = pagesAsked(family, data);
  const factor =
    (price.operators?.test(keyword) === true ? OPERATOR_FACTOR : 1) *
    (price.rectangles === 'double' && data.calculate_rectangles === true ? 2 : 1);
  const own = (micros: number) => Math.round((micros * percent) / 100);
  const rectangles =
    price.rectangles === 'plus-600' && data.calculate_rectangles === true ? own(RECTANGLES_MICROS) : 0;
  const aiOverviewMicros = data.load_async_ai_overview === true ? own(AI_OVERVIEW_MICROS) : 0;
  const clicks = typeof data.people_also_ask_click_depth === 'number' ? data.people_also_ask_click_depth : 0;
  const ofPages = own(pagesMicros(family, data, pages)) * factor;
  const clickMicros = own(clicks * CLICK_MICROS);
  const totalMicros = ofPages + rectangles + aiOverviewMicros + clickMicros;
  return { totalMicros, pages, pagesMicros: ofPages, aiOverviewMicros, clickMicros };
}

/** What comes back for pages that were paid for and that there were not, in micro-USD. */
export function unusedPagesMicros({ family, data }: Order, quote: Quote, pagesThere: number): number {
  if (pagesThere >= quote.pages) return 0;
  const share = pagesMicros(family, data, pagesThere) / pagesMicros(family, data, quote.pages);
  return quote.pagesMicros - Math.round(quote.pagesMicros * share);
}

/** Results that one page has for this task. */
export function resultsPerPage(family: Family, data: Record<string, unknown>): number {
  const { resultsPerPage, resultsPerMobilePage } = family.price;
  return data.device === 'mobile' ? (resultsPerMobilePage ?? resultsPerPage) : resultsPerPage;
}

/** `depth` and `max_crawl_pages` "complement each other": the smaller one wins where both are given. */
function pagesAsked(family: Family, data: Record<string, unknown>): number {
  const perPage = resultsPerPage(family, data);
  const byDepth = typeof data.depth === 'number' ? Math.ceil(data.depth / perPage) : undefined;
  const byPages = typeof data.max_crawl_pages === 'number' ? data.max_crawl_pages : undefined;
  return Math.min(byDepth ?? byPages ?? 1, byPages ?? byDepth ?? 1);
}

function pagesMicros(family: Family, data: Record<string, unknown>, pages: number): number {
  const { baseMicros, furtherPages } = family.price;
  const first = data.priority === 2 ? 2 * baseMicros : baseMicros;
  return Math.round(first + first * furtherPages * (pages - 1));
}
