import { splitScraper } from '../../contracts/scrapers.ts';
import type { Engine, EngineOf, Scraper } from '../../contracts/scrapers.ts';
import type { ParamSpec, ResultVariant } from '../provider.ts';
import { coordinateForm } from './coordinate.ts';
import type { CoordinateForm } from './coordinate.ts';
import type { Family, Times } from './family.ts';
import * as param from './params.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Help center, "How long do you keep results": 30 days; the html form 7. */
const ADVANCED: ResultVariant = { name: 'advanced', retentionMs: 30 * DAY_MS };
const REGULAR: ResultVariant = { name: 'regular', retentionMs: 30 * DAY_MS };
const HTML: ResultVariant = { name: 'html', retentionMs: 7 * DAY_MS };

const MINUTE_MS = 60_000;
/**
 * Priors, not measured. SERP: "up to 5 minutes on average, 45 minutes guaranteed", high priority "up to 1 minute on
 * average" (help center, "SERP API cost explained"). LLM scrapers: at most 45 and 5 minutes (pricing page).
 */
const TIMES: Times = {
  normal: { p20Ms: 2 * MINUTE_MS, p50Ms: 4 * MINUTE_MS, p99Ms: 45 * MINUTE_MS },
  high: { p20Ms: 25_000, p50Ms: 50_000, p99Ms: 5 * MINUTE_MS },
};

const BASIC_OPERATORS = [
  'allinanchor:',
  'allintext:',
  'allintitle:',
  'allinurl:',
  'define:',
  'filetype:',
  'id:',
  'inanchor:',
  'info:',
  'intext:',
  'intitle:',
  'inurl:',
  'link:',
  'site:',
];

/** dataforseo.com/pricing/serp: $0.0006 a page, $0.0012 with high priority, $0.002 live in at most 11 s. */
const SERP = { normal: 600, high: 1_200, live: 2_000, liveMs: 11_000 };
/** dataforseo.com/pricing, AI Mode and LLM scrapers: $0.0012 an answer, $0.0024 with high priority, $0.004 live in 90 s. */
const AI = { normal: 1_200, high: 2_400, live: 4_000, liveMs: 90_000 };
/** "Each next page = 0.75 × base price", since 2025-09-19. */
const PAGES_OF_TEN = { size: 10, defaultDepth: 10, furtherPercent: 75, limited: true };
const PAGES_OF_HUNDRED = { size: 100, defaultDepth: 100, furtherPercent: 100, limited: false };

const NOTHING_MORE = { fanOutQueries: false, followUps: false, products: false };
const MAX_LLM_CHARS = 2_000;
const MAX_SERP_CHARS = 700;
/** Radius in millimetres; images and news start at 199.9. */
const RADIUS: CoordinateForm = { last: 'radius', min: 199, max: 199_999 };
const RADIUS_FROM_199_9: CoordinateForm = { last: 'radius', min: 199.9, max: 199_999 };

const ORGANIC: Family = {
  api: 'serp',
  engine: 'google',
  path: 'serp/google/organic',
  maxPromptChars: MAX_SERP_CHARS,
  variants: [ADVANCED, REGULAR, HTML],
  price: {
    ...SERP,
    pages: PAGES_OF_TEN,
    operators: [...BASIC_OPERATORS, 'cache:'],
    rectangles: 'adds',
  },
  times: TIMES,
  coordinate: RADIUS,
  params: {
    ...param.COMMON_PARAMS,
    ...param.DEVICE,
    ...param.SE_DOMAIN,
    ...param.CRAWL,
    ...param.LOAD_AI_OVERVIEW,
    ...param.ORGANIC_ONLY,
    ...param.STOP_CRAWL,
    ...param.RECTANGLES,
    ...param.SEARCH_PARAM,
    ...param.SEARCH_URL,
  },
  reads: 'page',
  offers: { ...NOTHING_MORE, followUps: true },
};

export const FAMILIES: Record<EngineOf<'dataforseo'>, Family> = {
  gemini: {
    api: 'ai_optimization',
    engine: 'gemini',
    path: 'ai_optimization/gemini/llm_scraper',
    maxPromptChars: MAX_LLM_CHARS,
    variants: [ADVANCED, HTML],
    price: AI,
    times: TIMES,
    coordinate: RADIUS,
    params: { ...param.COMMON_PARAMS, ...param.EXPAND_CITATIONS },
    reads: 'assistant',
    offers: NOTHING_MORE,
  },
  chatgpt: {
    api: 'ai_optimization',
    engine: 'chat_gpt',
    path: 'ai_optimization/chat_gpt/llm_scraper',
    maxPromptChars: MAX_LLM_CHARS,
    variants: [ADVANCED, HTML],
    price: AI,
    times: TIMES,
    params: { ...param.COMMON_PARAMS, ...param.FORCE_WEB_SEARCH, ...param.EXPAND_CITATIONS },
    reads: 'assistant',
    offers: { fanOutQueries: true, followUps: false, products: true },
  },
  'google-organic': ORGANIC,
  'google-ai-overview': {
    ...ORGANIC,
    variants: [ADVANCED, HTML],
    params: without(ORGANIC.params, Object.keys(param.LOAD_AI_OVERVIEW)),
    always: { load_async_ai_overview: true },
    reads: 'ai-overview',
  },
  'google-ai-mode': {
    api: 'serp',
    engine: 'google',
    path: 'serp/google/ai_mode',
    maxPromptChars: MAX_SERP_CHARS,
    variants: [ADVANCED, HTML],
    price: { ...AI, rectangles: 'doubles' },
    times: TIMES,
    coordinate: { last: 'zoom', min: 4, max: 18 },
    params: { ...param.COMMON_PARAMS, ...param.DEVICE, ...param.RECTANGLES },
    reads: 'ai-mode',
    offers: { ...NOTHING_MORE, products: true },
  },
  'google-images': {
    api: 'serp',
    engine: 'google',
    path: 'serp/google/images',
    maxPromptChars: MAX_SERP_CHARS,
    variants: [ADVANCED, HTML],
    price: {
      ...SERP,
      pages: PAGES_OF_HUNDRED,
      operators: [...BASIC_OPERATORS, 'related:'],
      refusedOperators: ['cache:'],
    },
    times: TIMES,
    coordinate: RADIUS_FROM_199_9,
    params: {
      ...param.COMMON_PARAMS,
      ...param.DESKTOP_OS,
      ...param.SE_DOMAIN,
      ...param.CRAWL,
      ...param.SEARCH_PARAM,
      ...param.SEARCH_URL,
    },
    reads: 'page',
    offers: NOTHING_MORE,
  },
  'google-news': {
    api: 'serp',
    engine: 'google',
    path: 'serp/google/news',
    maxPromptChars: MAX_SERP_CHARS,
    variants: [ADVANCED, HTML],
    price: {
      ...SERP,
      // The lower price of further pages is stated of organic search alone.
      pages: { ...PAGES_OF_TEN, furtherPercent: 100 },
      operators: [...BASIC_OPERATORS, 'related:'],
      refusedOperators: ['cache:'],
      rectangles: 'doubles',
    },
    times: TIMES,
    coordinate: RADIUS_FROM_199_9,
    params: {
      ...param.COMMON_PARAMS,
      ...param.DESKTOP_OS,
      ...param.SE_DOMAIN,
      ...param.CRAWL,
      ...param.RECTANGLES,
      ...param.SEARCH_PARAM,
      ...param.SEARCH_URL,
    },
    reads: 'page',
    offers: NOTHING_MORE,
  },
  'google-maps': {
    api: 'serp',
    engine: 'google',
    path: 'serp/google/maps',
    maxPromptChars: MAX_SERP_CHARS,
    variants: [ADVANCED],
    price: {
      ...SERP,
      // "For every 100 results for desktop and every 20 results for mobile" (help center).
      pages: { ...PAGES_OF_HUNDRED, mobileSize: 20 },
      // The pricing page speaks of multipliers without naming them.
      operators: [...BASIC_OPERATORS, 'cache:'],
    },
    times: TIMES,
    coordinate: { last: 'zoom', min: 3, max: 21 },
    params: {
      ...param.COMMON_PARAMS,
      ...param.DEVICE,
      ...param.SE_DOMAIN,
      ...param.CRAWL,
      ...param.MAPS_ONLY,
      ...param.SEARCH_URL,
    },
    reads: 'page',
    offers: NOTHING_MORE,
  },
  'bing-organic': {
    api: 'serp',
    engine: 'bing',
    path: 'serp/bing/organic',
    maxPromptChars: MAX_SERP_CHARS,
    variants: [ADVANCED, REGULAR, HTML],
    price: { ...SERP, pages: PAGES_OF_TEN, rectangles: 'adds' },
    times: TIMES,
    coordinate: { last: 'none' },
    params: {
      ...param.COMMON_PARAMS,
      ...param.DEVICE,
      ...param.CRAWL,
      ...param.STOP_CRAWL,
      ...param.RECTANGLES,
      ...param.SEARCH_PARAM,
      ...param.SEARCH_URL,
    },
    reads: 'page',
    offers: { ...NOTHING_MORE, followUps: true },
  },
};

/** The row of a scraper of DataForSEO's; throws for another provider's. */
export function familyOf(scraper: Scraper): Family {
  const { provider, engine } = splitScraper(scraper);
  const rows: Partial<Record<Engine, Family>> = FAMILIES;
  const row = provider === 'dataforseo' ? rows[engine] : undefined;
  if (!row) throw new Error(`${scraper} is not a scraper of DataForSEO`);
  return row;
}

/** Every parameter that a family takes. */
export function paramsOf({ params, variants, coordinate }: Family): Record<string, ParamSpec> {
  return {
    ...params,
    variants: {
      description: 'Forms of the result to collect, each free of charge (default advanced)',
      type: 'text',
      form: `a comma list out of ${variants.map(({ name }) => name).join(', ')}`,
    },
    ...(coordinate && {
      location_coordinate: {
        description: 'Location instead of the market’s country',
        type: 'text',
        form: coordinateForm(coordinate),
      },
    }),
  };
}

function without(params: Record<string, ParamSpec>, names: readonly string[]): Record<string, ParamSpec> {
  return Object.fromEntries(Object.entries(params).filter(([name]) => !names.includes(name)));
}
