import type { Product } from '../../contracts/answer.ts';
import { isObject, objectsOf, textOf } from './wire.ts';

type Item = Record<string, unknown>;

/** Blocks of products inside an answer: ChatGPT's, and those of Google's AI Mode. */
const PRODUCT_BLOCKS = ['chat_gpt_products', 'ai_overview_shopping'];

/** Every product that an answer shows, in its order. */
export function toProducts(items: readonly Item[]): Product[] {
  return items.flatMap((item) =>
    PRODUCT_BLOCKS.includes(String(item['type']))
      ? objectsOf(item['items']).flatMap(toProduct)
      : toProducts(objectsOf(item['items'])),
  );
}

function toProduct(wire: Item): Product[] {
  const [id, title, url] = [textOf(wire['product_id']), textOf(wire['title']), textOf(wire['url'])];
  if (id === undefined && title === undefined && url === undefined) return [];
  const stars = isObject(wire['rating']) ? wire['rating'] : {};
  const rating = numberOf(stars['value']);
  const reviews = numberOf(stars['votes_count']) ?? numberOf(wire['reviews_count']);
  return [
    {
      ...(id !== undefined && { id }),
      ...(title !== undefined && { title }),
      ...(url !== undefined && { url }),
      ...(rating !== undefined && { rating }),
      ...(reviews !== undefined && { reviews }),
    },
  ];
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
