import type { RankedItem } from '../../contracts/answer.ts';
import { domainOf } from '../domain-of.ts';
import { objectsOf, textOf } from './wire.ts';

type Item = Record<string, unknown>;

/**
 * Types of entries that the vendor documents for these families. Others come without notice and are kept as they are.
 * Source: `item_types` of the task_get pages and the generated client 2.1.7.
 */
const KNOWN_TYPES = new Set(
  (
    'ai_overview answer_box app carousel commercial_units compare_sites courses currency_box dictionary ' +
    'discussions_and_forums events explore_brands featured_snippet find_results_on found_on_web google_flights google_hotels ' +
    'google_posts google_reviews hotels_pack images images_search jobs knowledge_graph local_pack local_services map ' +
    'maps_paid_item maps_search math_solver mention_carousel multi_carousel news_search organic paid people_also_ask ' +
    'people_also_search perspectives podcasts popular_products product_considerations questions_and_answers recipes ' +
    'refine_products related_searches scholarly_articles shopping short_videos stocks_box third_party_reviews top_sights ' +
    'top_stories twitter video visual_stories'
  ).split(' '),
);

/** The entries of a page in its own order; those inside another entry follow it with its place. */
export function toRanks(items: readonly Item[]): RankedItem[] {
  return items.flatMap((item, index) => {
    const rank = wholeOf(item['rank_absolute']) ?? wholeOf(item['rank_group']) ?? index + 1;
    // An overview's parts are its text, which the answer has.
    const inner = item['type'] === 'ai_overview' ? [] : objectsOf(item['items']);
    return [toEntry(item, rank), ...inner.filter(isLink).map((child) => toEntry(child, rank))];
  });
}

/** The questions of "People also ask". */
export function questionsOf(items: readonly Item[]): string[] {
  return items
    .filter(({ type }) => type === 'people_also_ask')
    .flatMap((item) => objectsOf(item['items']))
    .flatMap(({ title }) => textOf(title) ?? []);
}

function toEntry(item: Item, rank: number): RankedItem {
  const type = textOf(item['type']) ?? 'unknown';
  const url = textOf(item['url']);
  const domain = (url === undefined ? '' : domainOf(url)) || textOf(item['domain'])?.replace(/^www\./, '');
  const title = textOf(item['title']);
  const description =
    textOf(item['description']) ??
    textOf(item['snippet']) ??
    textOf(item['subtitle']) ??
    textOf(item['address']);
  const imageUrl = textOf(item['source_url']) ?? textOf(item['image_url']);
  // Parts of an entry that is known are in its description or in the raw body.
  const isKnown = KNOWN_TYPES.has(type) || type.endsWith('_element');
  return {
    rank,
    type,
    ...(url !== undefined && { url }),
    ...(domain && { domain }),
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(imageUrl !== undefined && { imageUrl }),
    ...(!isKnown && { raw: item }),
  };
}

function isLink(item: Item): boolean {
  return textOf(item['url']) !== undefined;
}

function wholeOf(value: unknown): number | undefined {
  return Number.isInteger(value) ? Number(value) : undefined;
}
