import type { ParamValue, Params, ScrapeRequest } from '../../contracts/scrape.ts';
import type { PageTask, ResultVariant } from '../provider.ts';
import { familyOf } from './families.ts';
import { escapeKeyword } from './keyword.ts';
import { marketFields } from './market.ts';
import { LIST_PARAMS } from './params.ts';
import { pagesBilled } from './price.ts';

/** One task as `task_post` takes it. Only fields that the family knows: an unknown one is refused with 40506. */
export function toWireTask({ request, tag, callbacks = {} }: PageTask): Record<string, unknown> {
  const family = familyOf(request.scraper);
  const { location, language } = marketFields(request);
  const [main] = variantsOf(request);
  return {
    keyword: escapeKeyword(request.prompt),
    ...location,
    ...language,
    ...wireParams(request.params),
    ...(family.price.pages?.limited && { max_crawl_pages: pagesBilled(family.price, request.params) }),
    ...family.always,
    tag,
    ...(callbacks.pingbackUrl !== undefined && { pingback_url: callbacks.pingbackUrl }),
    ...(callbacks.postbackUrl !== undefined && {
      postback_url: callbacks.postbackUrl,
      postback_data: main?.name,
    }),
  };
}

/**
 * The forms that a request wants, the richest first whatever the order they are named in; the family's first one if it
 * names none.
 */
export function variantsOf({ scraper, params }: ScrapeRequest): readonly ResultVariant[] {
  const { variants } = familyOf(scraper);
  const wanted = params['variants'];
  if (wanted === undefined) return variants.slice(0, 1);
  const names = splitList(String(wanted));
  return variants.filter(({ name }) => names.includes(name));
}

/** A comma list, or a JSON list, of texts. */
export function splitList(text: string): string[] {
  const json = parseList(text);
  const parts = json ? json.filter((part) => typeof part === 'string') : text.split(',');
  return parts.map((part) => part.trim()).filter(Boolean);
}

export interface StopTarget {
  match_value: string;
  match_type: string;
}

const MATCH_TYPES = ['domain', 'with_subdomains', 'wildcard'];

/** Targets of `stop_crawl_on_match`; undefined if the text is none of its forms. */
export function stopTargets(text: string): StopTarget[] | undefined {
  const json = parseList(text);
  if (json) {
    const targets = json.map(toTarget);
    return targets.every((target) => target !== undefined) ? targets : undefined;
  }
  const targets = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const type = MATCH_TYPES.find((name) => part.startsWith(`${name}:`));
      return type === undefined
        ? { match_value: part, match_type: 'domain' }
        : { match_value: part.slice(type.length + 1), match_type: type };
    });
  return targets.length > 0 && targets.every(({ match_value }) => match_value !== '') ? targets : undefined;
}

function toTarget(value: unknown): StopTarget | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { match_value, match_type } = value as { match_value?: unknown; match_type?: unknown }; // any object can be read this way
  return typeof match_value === 'string' && typeof match_type === 'string' && MATCH_TYPES.includes(match_type)
    ? { match_value, match_type }
    : undefined;
}

function parseList(text: string): unknown[] | undefined {
  if (!text.trim().startsWith('[')) return undefined;
  try {
    const json: unknown = JSON.parse(text);
    return Array.isArray(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

/** Ours, or sent already as location and language. */
const NOT_SENT = new Set([
  'variants',
  'location_code',
  'location_name',
  'location_coordinate',
  'language_code',
  'language_name',
]);

function wireParams(params: Params): Record<string, unknown> {
  const entries = Object.entries(params).filter(([name]) => !NOT_SENT.has(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, wireValue(name, value)]));
}

function wireValue(name: string, value: ParamValue): unknown {
  if (name === 'stop_crawl_on_match') return stopTargets(String(value));
  return LIST_PARAMS.some((list) => list === name) ? splitList(String(value)) : value;
}
