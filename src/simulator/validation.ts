import { MODES, REFUSES_JP_TW, type VendorScraper } from './vendor-scrapers.ts';

/** What a submit asks for, checked and with the vendor's defaults filled in. */
export interface JobRequest {
  scraper: VendorScraper;
  prompt: string;
  country: string;
  bypassCache: boolean;
  /** Per attempt. */
  timeoutSeconds: number;
  webSearch: boolean;
  markdownJson: boolean;
  /** Empty for scrapers without modes. */
  mode: string;
}

export type Validated = { ok: true; request: JobRequest } | { ok: false; field: string; message: string };

/** Longest prompt in Unicode code points, and the bounds of `timeout`; docs.scrapellm.com, guides/making-requests. */
const MAX_PROMPT_CHARS = 4_000;
const TIMEOUT_SECONDS = { min: 10, max: 600, default: 300 };

/** Reads the query of a submit or sync call; the first wrong field is named. Unknown parameters are ignored. */
export function validateQuery(scraper: VendorScraper, query: Record<string, string>): Validated {
  const prompt = query.prompt ?? '';
  const length = Array.from(prompt).length;
  if (prompt.trim() === '') return wrong('prompt', 'prompt is required');
  if (length > MAX_PROMPT_CHARS) {
    return wrong('prompt', `prompt must have at most ${MAX_PROMPT_CHARS} characters, it has ${length}`);
  }
  const country = query.country ?? 'US';
  if (!/^[A-Z]{2}$/.test(country)) return wrong('country', 'country must be an ISO 3166-1 alpha-2 code');
  if (REFUSES_JP_TW.includes(scraper) && (country === 'JP' || country === 'TW')) {
    return wrong('country', `country ${country} is not available for ${scraper}`);
  }
  const timeoutSeconds = readTimeout(query.timeout);
  if (timeoutSeconds === undefined) {
    return wrong('timeout', `timeout must be a number from ${TIMEOUT_SECONDS.min} to ${TIMEOUT_SECONDS.max}`);
  }
  const flags = {
    bypass_cache: readBoolean(query.bypass_cache, false),
    web_search: scraper === 'perplexity' ? readBoolean(query.web_search, true) : true,
    markdown_json: scraper === 'chatgpt' ? readBoolean(query.markdown_json, false) : false,
  };
  for (const [name, value] of Object.entries(flags)) {
    if (value === undefined) return wrong(name, `${name} must be true or false`);
  }
  const modes = MODES[scraper] ?? [''];
  const mode = MODES[scraper] ? (query.mode ?? modes[0] ?? '') : '';
  if (!modes.includes(mode)) return wrong('mode', `mode must be one of ${modes.join(', ')}`);
  return {
    ok: true,
    request: {
      scraper,
      prompt,
      country,
      timeoutSeconds,
      mode,
      bypassCache: flags.bypass_cache === true,
      webSearch: flags.web_search === true,
      markdownJson: flags.markdown_json === true,
    },
  };
}

function wrong(field: string, message: string): Validated {
  return { ok: false, field, message };
}

function readBoolean(text: string | undefined, fallback: boolean): boolean | undefined {
  if (text === undefined) return fallback;
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

function readTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return TIMEOUT_SECONDS.default;
  const seconds = text.trim() === '' ? Number.NaN : Number(text);
  return seconds >= TIMEOUT_SECONDS.min && seconds <= TIMEOUT_SECONDS.max ? seconds : undefined;
}
