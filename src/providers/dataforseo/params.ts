import type { ParamSpec } from '../provider.ts';

// Descriptions, ranges and values: the task_post pages and the vendor's generated client 2.1.7.

/** Parameters of every family. */
export const COMMON_PARAMS: Record<string, ParamSpec> = {
  priority: {
    description: '1: normal queue (default). 2: high priority, faster, at twice the price',
    type: 'number',
    min: 1,
    max: 2,
  },
  location_code: {
    description: 'Location instead of the market’s country',
    type: 'number',
    min: 1,
    max: 99_999_999,
  },
  location_name: {
    description: 'Location instead of the market’s country',
    type: 'text',
    form: 'a full name such as "London,England,United Kingdom"',
  },
  language_code: { description: 'Language instead of the market’s', type: 'text', form: 'a code such as en' },
  language_name: {
    description: 'Language instead of the market’s',
    type: 'text',
    form: 'a name such as English',
  },
};

export const DESKTOP_OS: Record<string, ParamSpec> = {
  os: { description: 'Operating system (default windows)', type: 'string', values: ['windows', 'macos'] },
};

export const DEVICE: Record<string, ParamSpec> = {
  device: { description: 'Kind of device (default desktop)', type: 'string', values: ['desktop', 'mobile'] },
  os: {
    description:
      'Operating system: windows (default) or macos on desktop, android (default) or ios on mobile',
    type: 'string',
    values: ['windows', 'macos', 'android', 'ios'],
  },
};

export const SE_DOMAIN: Record<string, ParamSpec> = {
  se_domain: {
    description: 'Domain of the search engine',
    type: 'text',
    form: 'a domain such as google.co.uk',
  },
};

export const CRAWL: Record<string, ParamSpec> = {
  depth: { description: 'Results wanted; more pages cost more', type: 'number', min: 1, max: 700 },
  max_crawl_pages: { description: 'Pages to crawl at most', type: 'number', min: 1, max: 100 },
};

export const SEARCH_URL: Record<string, ParamSpec> = {
  url: {
    description: 'Address of the search itself; the vendor advises against it',
    type: 'text',
    form: 'a URL',
  },
};

export const SEARCH_PARAM: Record<string, ParamSpec> = {
  search_param: {
    description: 'Further parameters of the search engine',
    type: 'text',
    form: 'text such as &tbs=qdr:d',
  },
};

export const RECTANGLES: Record<string, ParamSpec> = {
  calculate_rectangles: {
    description: 'Positions in pixels, at extra cost (default false)',
    type: 'boolean',
  },
  browser_screen_width: screen('width', 240, 9_999),
  browser_screen_height: screen('height', 240, 9_999),
  browser_screen_resolution_ratio: screen('resolution ratio', 0.5, 3),
};

const TARGET_TYPES =
  'organic, paid, local_pack, featured_snippet, events, google_flights, images, jobs, knowledge_graph, local_service, ' +
  'map, scholarly_articles, third_party_reviews, twitter';

export const STOP_CRAWL: Record<string, ParamSpec> = {
  stop_crawl_on_match: {
    description: 'Up to 10 domains or patterns to stop at',
    type: 'text',
    form:
      'a comma list of domains, each with "with_subdomains:" or "wildcard:" in front where that is meant, or the JSON ' +
      'list of {match_value, match_type}',
  },
};

export const ORGANIC_ONLY: Record<string, ParamSpec> = {
  target_search_mode: {
    description: 'With stop_crawl_on_match: stop at any target (default) or when all are found',
    type: 'string',
    values: ['any', 'all'],
  },
  find_targets_in: {
    description: `With stop_crawl_on_match: where targets count, of ${TARGET_TYPES}`,
    type: 'text',
    form: 'a comma list or a JSON list',
  },
  ignore_targets_in: {
    description: 'With stop_crawl_on_match: where targets do not count; the same words',
    type: 'text',
    form: 'a comma list or a JSON list',
  },
  remove_from_url: {
    description: 'Up to 10 query parameters to take out of the results’ addresses',
    type: 'text',
    form: 'a comma list or a JSON list',
  },
  people_also_ask_click_depth: {
    description: 'Clicks on "People also ask", each at extra cost',
    type: 'number',
    min: 1,
    max: 4,
  },
  group_organic_results: {
    description: 'Related results inside their parents (default true)',
    type: 'boolean',
  },
  expand_ai_overview: { description: 'Expand the AI overview, in the html form only', type: 'boolean' },
};

export const LOAD_AI_OVERVIEW: Record<string, ParamSpec> = {
  load_async_ai_overview: {
    description: 'Wait for the AI overview, at extra cost (default false)',
    type: 'boolean',
  },
};

export const MAPS_ONLY: Record<string, ParamSpec> = {
  search_this_area: { description: 'Only places in the area shown (default true)', type: 'boolean' },
  search_places: { description: 'Look for a certain place (default true)', type: 'boolean' },
};

export const EXPAND_CITATIONS: Record<string, ParamSpec> = {
  expand_citations: { description: 'Open the list of citations, in the html form only', type: 'boolean' },
};

export const FORCE_WEB_SEARCH: Record<string, ParamSpec> = {
  force_web_search: { description: 'Make the assistant search the web (default false)', type: 'boolean' },
};

/** Parameters that are lists on the wire. */
export const LIST_PARAMS = ['find_targets_in', 'ignore_targets_in', 'remove_from_url'] as const;
export const TARGET_TYPE_NAMES: readonly string[] = TARGET_TYPES.split(', ');

/** Parameters that mean something only beside `stop_crawl_on_match`. */
export const NEEDS_STOP_CRAWL = ['target_search_mode', 'find_targets_in', 'ignore_targets_in'] as const;
export const NEEDS_RECTANGLES = [
  'browser_screen_width',
  'browser_screen_height',
  'browser_screen_resolution_ratio',
] as const;

function screen(what: string, min: number, max: number): ParamSpec {
  return { description: `With calculate_rectangles: ${what} of the screen`, type: 'number', min, max };
}
