import { familyOf } from './families.ts';
import type { Scraper } from '../../contracts/scrapers.ts';
import { isObject, objectsOf, textOf } from './wire.ts';

type Item = Record<string, unknown>;

/** The payload of a finished task: the first object of `result`; undefined if there is none. */
export function payloadOf(result: unknown): Item | undefined {
  return Array.isArray(result) ? result.find(isObject) : undefined;
}

/**
 * Whether a finished task brought nothing. A payload in a form that cannot be read is something: it is stored as it came,
 * without an answer.
 */
export function isEmptyResult(result: unknown, scraper: Scraper, variant?: string): boolean {
  if (!Array.isArray(result)) return result === null || result === undefined;
  const payload = payloadOf(result);
  if (!payload) return result.every((entry) => entry === null);
  const { items } = payload;
  if (items !== null && items !== undefined && !Array.isArray(items)) return false;
  const objects = objectsOf(items);
  // The page as HTML has no overview that could be missing from it.
  if (variant === 'html') return !objects.some(({ html }) => textOf(html) !== undefined);
  switch (familyOf(scraper).reads) {
    case 'assistant':
      return textOf(payload['markdown']) === undefined && objects.length === 0;
    case 'ai-overview':
    case 'ai-mode':
      return !objects.some(isOverview);
    case 'page':
      return objects.length === 0;
  }
}

/** An AI overview that says something; Google sends hollow ones where it is still being written. */
export function isOverview(item: Item): boolean {
  if (item['type'] !== 'ai_overview') return false;
  return (
    textOf(item['markdown']) !== undefined ||
    objectsOf(item['items']).length > 0 ||
    objectsOf(item['references']).length > 0
  );
}
