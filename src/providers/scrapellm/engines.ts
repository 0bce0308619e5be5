import { splitScraper } from '../../contracts/scrapers.ts';
import type { Engine, EngineOf, Scraper } from '../../contracts/scrapers.ts';
import type { ParamSpec, ScraperSpec } from '../provider.ts';

/** One row an engine: everything in which ScrapeLLM's scrapers differ. Facts: docs.scrapellm.com, May 2026. */
export interface EngineRow {
  /** ScrapeLLM's spelling, part of the address. */
  vendorName: string;
  spec: ScraperSpec;
  /** Which fields of an answer this scraper offers; the others are `null` in every answer. */
  offers: { citations: boolean; fanOutQueries: boolean; followUps: boolean; products: boolean };
}

/** "3 credits for each of the seven scrapers" (guides/credits-and-limits). */
export const CREDITS_PER_SCRAPE = 3;

/** "Jobs are retained for 24 hours after creation" (api-reference/endpoint/get-job-status). */
const RETENTION_MS = 24 * 60 * 60 * 1000;

/** Four scrapers have no exit in these countries (guides/regional-availability; copilot: seen in client code). */
const NO_EXIT = ['JP', 'TW'];

/**
 * Times from purchase to answer: a log-normal attempt whose median and 95th percentile are the middle and the end of the
 * documented range (5 to 30 s: median 12 s, 95 % 32 s), plus an exponential queue of 5 s in the mean, drawn a million
 * times. `npx tsx bench/poll-schedule.ts` prints these quantiles.
 */
const USUAL = { p20Ms: 10_900, p50Ms: 17_100, p99Ms: 55_300 };
/** Documented up to 45 s with web fan-out: the usual start, a longer tail (p99 of median 15 s, 95 % 45 s). */
const CHATGPT = { ...USUAL, p99Ms: 77_200 };
/**
 * Documented 5 to 20 s (median 10 s, 95 % 20 s). The usual first look and tail: drawn from those times, a first look at
 * 10.9 s still notices answers as soon as the vendor's loop does, and a failed attempt is repeated here too.
 */
const GEMINI = { ...USUAL, p50Ms: 14_600 };
/** Grok's expert mode, documented up to 60 s: median 35 s, cut at 60 s, plus the queue. */
export const GROK_EXPERT = { p20Ms: 30_700, p50Ms: 40_000, p99Ms: 71_300 };

const COMMON_PARAMS: Record<string, ParamSpec> = {
  timeout: {
    description: 'Seconds that one attempt may take (default 300)',
    type: 'number',
    min: 10,
    max: 600,
  },
  bypass_cache: { description: 'Do not answer from the response cache (default false)', type: 'boolean' },
};
const WEB_SEARCH: ParamSpec = {
  description: 'Search the web and cite live sources (default true)',
  type: 'boolean',
};
const MARKDOWN_JSON: ParamSpec = {
  description: 'Add a token tree of the markdown (default false)',
  type: 'boolean',
};
const GROK_MODE: ParamSpec = {
  description: 'Which Grok answers (default MODEL_MODE_AUTO); EXPERT takes up to a minute',
  type: 'string',
  values: ['MODEL_MODE_FAST', 'MODEL_MODE_EXPERT', 'MODEL_MODE_AUTO'],
};
const COPILOT_MODE: ParamSpec = {
  description: 'How Copilot answers (default search)',
  type: 'string',
  values: ['search', 'smart', 'chat', 'reasoning', 'study'],
};

const CITES = { citations: true, fanOutQueries: false, followUps: false, products: false };

const ENGINE_ROWS: Record<EngineOf<'scrapellm'>, EngineRow> = {
  chatgpt: {
    vendorName: 'chatgpt',
    spec: spec({ typical: CHATGPT, params: { markdown_json: MARKDOWN_JSON } }),
    offers: { ...CITES, fanOutQueries: true },
  },
  perplexity: {
    vendorName: 'perplexity',
    spec: spec({ params: { web_search: WEB_SEARCH } }),
    offers: { ...CITES, followUps: true },
  },
  grok: {
    vendorName: 'grok',
    spec: spec({ params: { mode: GROK_MODE }, refusedCountries: NO_EXIT }),
    offers: CITES,
  },
  copilot: {
    vendorName: 'copilot',
    spec: spec({ params: { mode: COPILOT_MODE }, refusedCountries: NO_EXIT }),
    offers: CITES,
  },
  gemini: {
    vendorName: 'gemini',
    spec: spec({ typical: GEMINI, refusedCountries: NO_EXIT }),
    offers: CITES,
  },
  'google-ai-mode': {
    vendorName: 'google_ai_mode',
    spec: spec({ refusedCountries: NO_EXIT }),
    offers: CITES,
  },
  'amazon-rufus': {
    vendorName: 'amazon_rufus',
    spec: spec({}),
    offers: { citations: false, fanOutQueries: false, followUps: true, products: true },
  },
};

/** The row of a scraper of ScrapeLLM's; throws for another provider's. */
export function rowOf(scraper: Scraper): EngineRow {
  const { provider, engine } = splitScraper(scraper);
  const rows: Partial<Record<Engine, EngineRow>> = ENGINE_ROWS;
  const row = provider === 'scrapellm' ? rows[engine] : undefined;
  if (!row) throw new Error(`${scraper} is not a scraper of ScrapeLLM`);
  return row;
}

function spec(own: Partial<Pick<ScraperSpec, 'params' | 'refusedCountries' | 'typical'>>): ScraperSpec {
  const { typical = USUAL } = own;
  return {
    // "1 to 4,000 characters" (guides/making-requests); counted in code points.
    maxPromptChars: 4_000,
    refusedCountries: own.refusedCountries ?? [],
    params: { ...COMMON_PARAMS, ...own.params },
    price: { credits: CREDITS_PER_SCRAPE },
    modes: [{ name: 'standard', price: { credits: CREDITS_PER_SCRAPE }, typical, offered: true }],
    typical,
    retentionMs: RETENTION_MS,
  };
}
