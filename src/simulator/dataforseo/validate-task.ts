import type { Family } from './families.ts';
import { FIELD_RULES } from './field-rules.ts';
import { resolveLanguage, resolveLocation } from './markets.ts';

/** A posted task that may be bought. */
export interface Order {
  family: Family;
  /** The posted fields with defaults, in the form of the `data` echo. */
  data: Record<string, unknown>;
  /** Decoded. */
  keyword: string;
  tag: string;
  locationCode: number;
  languageCode: string;
}

export type Validated = { ok: true; order: Order } | { ok: false; code: number; message: string };

/** Reads one element of a POST body; the first thing that is wrong with it is named. */
export function validateTask(family: Family, posted: unknown): Validated {
  if (!isObject(posted)) return wrong(40_503, 'POST Data Is Invalid.');
  const unknown = Object.keys(posted).filter((name) => !COMMON.has(name) && !family.fields.includes(name));
  if (unknown.length > 0) return wrong(40_506, `Unknown Fields in POST Data: ${unknown.join(', ')}.`);
  const keyword = typeof posted.keyword === 'string' ? decodeKeyword(posted.keyword) : '';
  const locationCode = readLocation(family, posted);
  const languageCode = resolveLanguage(posted.language_code, posted.language_name);
  if (keyword.trim() === '' || Array.from(keyword).length > family.maxKeywordChars) return field('keyword');
  if (family.refuses?.test(keyword)) return field('keyword');
  if (locationCode === undefined) return field(givenName(posted, 'location_name', 'location_code'));
  if (languageCode === undefined) return field(givenName(posted, 'language_name', 'language_code'));
  for (const [name, value] of Object.entries(posted)) {
    if (FIELD_RULES[name]?.(value) === false) return field(name);
  }
  if (!hasPostbackData(family, posted)) return field('postback_data');
  const tag = typeof posted.tag === 'string' ? posted.tag : '';
  const data = echoOf(family, posted);
  return { ok: true, order: { family, data, keyword, tag, locationCode, languageCode } };
}

/** `data` as an answer echoes it: what is known of the call, then what was posted, then defaults. */
export function echoOf(family: Family, posted: Record<string, unknown>): Record<string, unknown> {
  const ai = family.api === 'ai_optimization';
  return {
    api: family.api,
    function: ai ? family.type : 'task_post',
    se: family.se,
    ...(!ai && { se_type: family.type }),
    ...(ai && { priority: 1 }),
    ...posted,
    ...(!ai && { device: posted.device ?? 'desktop', os: posted.os ?? defaultOs(posted.device) }),
  };
}

/** `%xx` is decoded and `+` becomes a space, as the vendor does with keywords; what is no UTF-8 stays as it is. */
export function decodeKeyword(text: string): string {
  return text.replaceAll('+', ' ').replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}

const COMMON = new Set([
  'keyword',
  'priority',
  'location_name',
  'location_code',
  'location_coordinate',
  'language_name',
  'language_code',
  'tag',
  'postback_url',
  'postback_data',
  'pingback_url',
]);

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function field(name: string): Validated {
  return wrong(40_501, `Invalid Field: '${name}'.`);
}

function wrong(code: number, message: string): Validated {
  return { ok: false, code, message };
}

/** Coordinates resolve to the United States: where they really lie changes nothing that a client can rely on. */
function readLocation(family: Family, posted: Record<string, unknown>): number | undefined {
  const { location_coordinate: coordinate } = posted;
  if (coordinate === undefined) return resolveLocation(posted.location_code, posted.location_name);
  return typeof coordinate === 'string' && family.coordinate?.test(coordinate) === true ? 2840 : undefined;
}

function givenName(posted: Record<string, unknown>, name: string, otherwise: string): string {
  if (posted.location_coordinate !== undefined && otherwise === 'location_code') return 'location_coordinate';
  return posted[name] !== undefined && posted[otherwise] === undefined ? name : otherwise;
}

function hasPostbackData(family: Family, posted: Record<string, unknown>): boolean {
  if (posted.postback_url === undefined) return true;
  return family.variants.some((variant) => variant === posted.postback_data);
}

function defaultOs(device: unknown): string {
  return device === 'mobile' ? 'android' : 'windows';
}
