import type { Ceiling } from '../contracts/ceiling.ts';
import { parseMarket } from '../contracts/market.ts';
import { formatUsd } from '../contracts/money.ts';
import { ENGINES, type Engine } from '../contracts/scrapers.ts';
import type { ResultState } from './report-data.ts';

/** How engines write themselves. */
const ENGINE_NAMES: Record<Engine, string> = {
  chatgpt: 'ChatGPT',
  perplexity: 'Perplexity',
  grok: 'Grok',
  copilot: 'Copilot',
  gemini: 'Gemini',
  'google-ai-mode': 'Google AI Mode',
  'amazon-rufus': 'Amazon Rufus',
  'google-organic': 'Google Search',
  'google-ai-overview': 'Google AI Overview',
  'google-images': 'Google Images',
  'google-news': 'Google News',
  'google-maps': 'Google Maps',
  'bing-organic': 'Bing Search',
};

/** `scrapellm/chatgpt` as its makers write it; the provider is named only if another one offers the same engine here. */
export function engineName(scraper: string, all: readonly string[]): string {
  const [provider = '', engine = scraper] = scraper.split('/');
  const known = ENGINES.find((one) => one === engine);
  const name = known ? ENGINE_NAMES[known] : engine;
  const sharesName = all.some((other) => other !== scraper && other.endsWith(`/${engine}`));
  return sharesName ? `${name} (${provider})` : name;
}

/** A state in one word, and what it means to somebody who never saw Gleaner. */
export const STATES: Record<ResultState, { word: string; sign: string; meaning: string }> = {
  done: { word: 'answered', sign: '●', meaning: 'The engine answered and the answer is here.' },
  empty: { word: 'empty', sign: '○', meaning: 'The engine was asked and had nothing to say.' },
  failed: { word: 'failed', sign: '✕', meaning: 'The engine gave no answer, also not on another try.' },
  expired: {
    word: 'expired',
    sign: '⊘',
    meaning: 'The answer was not fetched before the provider deleted it.',
  },
  unknown: {
    word: 'unknown',
    sign: '?',
    meaning: 'Nobody can tell whether the order got through, so it may have cost something.',
  },
  cancelled: { word: 'cancelled', sign: '–', meaning: 'Called off before it was ordered.' },
  refused: {
    word: 'refused',
    sign: '⊝',
    meaning: 'Not ordered: the budget, the input or the provider said no. It cost nothing.',
  },
  open: { word: 'open', sign: '…', meaning: 'Still on its way when this page was made.' },
  unreadable: { word: 'unreadable', sign: '!', meaning: 'It is in the store, but damaged.' },
};

/** What the list of all results is called. */
export function everything({ pages }: { pages: readonly unknown[] }): string {
  return pages.length === 0 ? 'Every answer' : 'Every answer and page';
}

/** `1 answer`, `1,204 answers`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${number(n)} ${n === 1 ? one : many}`;
}

/** `1,200 credits`, `$0.50`, `1,200 credits and $0.50`. */
export function describeCeiling({ credits, usdMicros }: Ceiling): string {
  return listed([
    ...(credits === undefined ? [] : [count(credits, 'credit')]),
    ...(usdMicros === undefined ? [] : [formatUsd(usdMicros)]),
  ]);
}

export function number(n: number): string {
  return n.toLocaleString('en-US');
}

/** A whole percentage that says 0 % and 100 % only where it is exactly so. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  const exact = (100 * part) / whole;
  if (part > 0 && exact < 1) return '<1%';
  if (part < whole && exact > 99) return '>99%';
  return `${Math.round(exact)}%`;
}

/** `9.4 s`, `48 s`, `3 min 5 s`, `2 h 10 min`. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  const s = Math.round(ms / 1_000);
  if (s < 60) return `${s} s`;
  if (s < 3_600) return s % 60 === 0 ? `${s / 60} min` : `${Math.floor(s / 60)} min ${s % 60} s`;
  const min = Math.round(s / 60);
  return min % 60 === 0 ? `${min / 60} h` : `${Math.floor(min / 60)} h ${min % 60} min`;
}

/** `23 November 2026, 04:50 UTC`; what is no time stays as it is. */
export function moment(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : `${DAY.format(time)}, ${CLOCK.format(time)} UTC`;
}

/** `2026-11-23 04:50:12 UTC`: for the small print, where seconds matter. */
export function instant(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `04:50`, of a time in UTC. */
export function clock(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : CLOCK.format(time);
}

export function day(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : DAY.format(time);
}

/** `US/en` as `United States, English`. */
export function marketName(text: string): string {
  const market = parseMarket(text);
  if (market === undefined) return text;
  const country = COUNTRY.of(market.country) ?? market.country;
  return market.language ? `${country}, ${LANGUAGE.of(market.language) ?? market.language}` : country;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return LIST.format(words);
}

/** The start of a text, on one line, cut at a whole character. */
export function excerpt(text: string, maxChars: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= maxChars) return line;
  return `${line
    .slice(0, maxChars - 1)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd()}…`;
}

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'UTC' });
const COUNTRY = new Intl.DisplayNames('en', { type: 'region' });
const LANGUAGE = new Intl.DisplayNames('en', { type: 'language' });
const LIST = new Intl.ListFormat('en-GB', { type: 'conjunction' });
