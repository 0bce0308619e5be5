import type { Content } from './content/content.ts';
import { aiModeContent } from './content/ai-mode.ts';
import { bingContent } from './content/bing.ts';
import { chatGptContent } from './content/chat-gpt.ts';
import { geminiContent } from './content/gemini.ts';
import { imagesContent } from './content/images.ts';
import { mapsContent } from './content/maps.ts';
import { newsContent } from './content/news.ts';
import { organicContent } from './content/organic.ts';

export type Api = 'serp' | 'ai_optimization';
export const VARIANTS = ['regular', 'advanced', 'html'] as const;
export type Variant = (typeof VARIANTS)[number];

/** One kind of task that can be bought. */
export interface Family {
  name: FamilyName;
  /** Between `/v3/` and the function. */
  path: string;
  api: Api;
  se: string;
  /** The third part of the path. */
  type: string;
  variants: readonly Variant[];
  /** The function's part of ids: of tasks, and of calls that list them. */
  idCodes: { post: string; list: string };
  maxKeywordChars: number;
  /** Fields beside those that all families have. */
  fields: readonly string[];
  /** What `location_coordinate` looks like; undefined where there is none. */
  coordinate?: RegExp;
  /** Keywords that are a validation error. */
  refuses?: RegExp;
  price: Price;
  content: Content;
}

interface Price {
  /** Of the first page at normal priority, micro-USD; high priority doubles it. */
  baseMicros: number;
  /** What a page after the first costs, as a part of the first. */
  furtherPages: number;
  resultsPerPage: number;
  /** On `device: mobile`, where that differs. */
  resultsPerMobilePage?: number;
  /** Search operators that make a task five times as dear. */
  operators?: RegExp;
  rectangles?: 'plus-600' | 'double';
  /** Pages that there were not are paid back, says the page of the field `depth`. */
  unusedPagesStated: boolean;
}

export type FamilyName =
  | 'gemini'
  | 'chat_gpt'
  | 'google_organic'
  | 'google_ai_mode'
  | 'google_images'
  | 'google_news'
  | 'google_maps'
  | 'bing_organic';

const RADIUS = /^-?\d+(\.\d{1,7})?,-?\d+(\.\d{1,7})?,\d+(\.\d+)?$/;
const ZOOM = /^-?\d+(\.\d{1,7})?,-?\d+(\.\d{1,7})?(,\d+(\.\d+)?z)?$/;
const POINT = /^-?\d+(\.\d{1,7})?,-?\d+(\.\d{1,7})?$/;

const OPERATORS =
  'allinanchor|allintext|allintitle|allinurl|define|definition|filetype|id|inanchor|info|intext|intitle|inurl|link|site';
const operators = (more: string) => new RegExp(`(^|\\s)(${OPERATORS}|${more}):`, 'i');
const CACHE = /(^|\s)cache:/i;

const RECTANGLES = [
  'calculate_rectangles',
  'browser_screen_width',
  'browser_screen_height',
  'browser_screen_resolution_ratio',
];
const CRAWL = ['depth', 'max_crawl_pages', 'url'];
const STOP = ['stop_crawl_on_match', 'match_type', 'match_value'];

// Prices: dataforseo.com/pricing, dataforseo.com/help-center/serp-api-cost-explained. A scrape by an LLM, an AI Mode page
// 0.0012 USD; other pages 0.0006. Fields, limits and surcharges: the field texts of the vendor's own client, 2.1.7.
const LLM_PRICE: Price = { baseMicros: 1_200, furtherPages: 1, resultsPerPage: 1, unusedPagesStated: false };
const SERP = { api: 'serp', idCodes: { post: '0066', list: '0087' }, maxKeywordChars: 700 } as const;
const LLM = { api: 'ai_optimization', type: 'llm_scraper', maxKeywordChars: 2_000 } as const;

/** Everything that can be bought. A new kind of task is a row here. */
export const FAMILIES: readonly Family[] = [
  {
    ...LLM,
    name: 'gemini',
    path: 'ai_optimization/gemini/llm_scraper',
    se: 'gemini',
    variants: ['advanced', 'html'],
    idCodes: { post: '0626', list: '0627' },
    fields: ['expand_citations'],
    coordinate: RADIUS,
    price: LLM_PRICE,
    content: geminiContent,
  },
  {
    ...LLM,
    name: 'chat_gpt',
    path: 'ai_optimization/chat_gpt/llm_scraper',
    se: 'chat_gpt',
    variants: ['advanced', 'html'],
    idCodes: { post: '0616', list: '0617' },
    fields: ['force_web_search', 'expand_citations'],
    price: LLM_PRICE,
    content: chatGptContent,
  },
  {
    ...SERP,
    name: 'google_organic',
    path: 'serp/google/organic',
    se: 'google',
    type: 'organic',
    variants: ['regular', 'advanced', 'html'],
    fields: [
      ...CRAWL,
      ...STOP,
      ...RECTANGLES,
      'device',
      'os',
      'se_domain',
      'search_param',
      'load_async_ai_overview',
      'expand_ai_overview',
      'people_also_ask_click_depth',
      'group_organic_results',
      'remove_from_url',
      'target_search_mode',
      'find_targets_in',
      'ignore_targets_in',
    ],
    coordinate: RADIUS,
    price: {
      baseMicros: 600,
      furtherPages: 0.75,
      resultsPerPage: 10,
      operators: operators('cache'),
      rectangles: 'plus-600',
      unusedPagesStated: false,
    },
    content: organicContent,
  },
  {
    ...SERP,
    name: 'google_ai_mode',
    path: 'serp/google/ai_mode',
    se: 'google',
    type: 'ai_mode',
    variants: ['advanced', 'html'],
    fields: [...RECTANGLES, 'device', 'os'],
    coordinate: ZOOM,
    price: {
      baseMicros: 1_200,
      furtherPages: 1,
      resultsPerPage: 1,
      rectangles: 'double',
      unusedPagesStated: false,
    },
    content: aiModeContent,
  },
  {
    ...SERP,
    name: 'google_images',
    path: 'serp/google/images',
    se: 'google',
    type: 'images',
    variants: ['advanced', 'html'],
    fields: [...CRAWL, 'os', 'se_domain', 'search_param'],
    coordinate: RADIUS,
    refuses: CACHE,
    price: {
      baseMicros: 600,
      furtherPages: 1,
      resultsPerPage: 100,
      operators: operators('related'),
      unusedPagesStated: true,
    },
    content: imagesContent,
  },
  {
    ...SERP,
    name: 'google_news',
    path: 'serp/google/news',
    se: 'google',
    type: 'news',
    variants: ['advanced', 'html'],
    fields: [...CRAWL, ...RECTANGLES, 'os', 'se_domain', 'search_param'],
    coordinate: RADIUS,
    refuses: CACHE,
    price: {
      baseMicros: 600,
      furtherPages: 1,
      resultsPerPage: 10,
      operators: operators('related'),
      rectangles: 'double',
      unusedPagesStated: true,
    },
    content: newsContent,
  },
  {
    ...SERP,
    name: 'google_maps',
    path: 'serp/google/maps',
    se: 'google',
    type: 'maps',
    variants: ['advanced'],
    fields: [...CRAWL, 'device', 'os', 'se_domain', 'search_this_area', 'search_places'],
    coordinate: ZOOM,
    price: {
      baseMicros: 600,
      furtherPages: 1,
      resultsPerPage: 100,
      resultsPerMobilePage: 20,
      unusedPagesStated: false,
    },
    content: mapsContent,
  },
  {
    ...SERP,
    name: 'bing_organic',
    path: 'serp/bing/organic',
    se: 'bing',
    type: 'organic',
    variants: ['regular', 'advanced', 'html'],
    fields: [...CRAWL, ...STOP, ...RECTANGLES, 'device', 'os', 'search_param'],
    coordinate: POINT,
    price: {
      baseMicros: 600,
      furtherPages: 0.75,
      resultsPerPage: 10,
      rectangles: 'plus-600',
      unusedPagesStated: false,
    },
    content: bingContent,
  },
];

const BY_NAME = new Map(FAMILIES.map((family) => [family.name, family]));

/** The row of a family. */
export function familyOf(name: FamilyName): Family {
  const family = BY_NAME.get(name);
  if (!family) throw new Error(`no family ${name}`);
  return family;
}
