import type { Answer } from '../../contracts/answer.ts';
import type { ScrapeRequest } from '../../contracts/scrape.ts';
import { parseJson } from '../parse-json.ts';
import { toCitations } from './citations.ts';
import { familyOf } from './families.ts';
import { toProducts } from './products.ts';
import { questionsOf, toRanks } from './ranks.ts';
import { isOverview, payloadOf } from './result.ts';
import { objectsOf, readEnvelope, textOf } from './wire.ts';

type Item = Record<string, unknown>;

/**
 * Makes an answer of a stored `task_get` body, advanced or regular. Throws if there is nothing in it, as in the html form.
 * `charge` is empty: what a collection says of cost is not what the task cost.
 */
export function normalize(body: Uint8Array, request: ScrapeRequest): Answer {
  const payload = payloadOf(readEnvelope(parseJson(body))?.tasks[0]?.result);
  if (!payload) throw new Error('the stored body is not a finished DataForSEO task');
  const { reads, offers } = familyOf(request.scraper);
  const items = objectsOf(payload['items']);
  const source = reads === 'assistant' ? payload : items.find(isOverview);
  const text = source ? markdownOf(source) : '';
  const products = toProducts(items);
  const ranks = reads === 'page' || reads === 'ai-overview' ? toRanks(items) : null;
  if (text === '' && products.length === 0 && (ranks ?? []).length === 0) {
    throw new Error('the stored task holds neither text nor products nor ranks');
  }
  return {
    ...request,
    text,
    // A list of results has no citations of its own, but the overview on it has.
    citations: source ? toCitations(source) : reads === 'page' ? null : [],
    fanOutQueries: offers.fanOutQueries ? textsOf(payload['fan_out_queries']) : null,
    followUps: offers.followUps ? questionsOf(items) : null,
    products: offers.products || products.length > 0 ? products : null,
    ranks,
    model: textOf(payload['model']) ?? null,
    cached: null,
    charge: {},
  };
}

/** The whole answer; where only its parts are given, those in order. */
function markdownOf(source: Item): string {
  const whole = textOf(source['markdown']);
  if (whole !== undefined) return whole;
  return objectsOf(source['items'])
    .flatMap(
      (item) => textOf(item['markdown']) ?? textOf(item['original_text']) ?? textOf(item['text']) ?? [],
    )
    .join('\n\n');
}

/** `null` is the vendor's own "not known", which is not the same as none. */
function textsOf(value: unknown): string[] | null {
  return Array.isArray(value) ? value.flatMap((entry) => textOf(entry) ?? []) : null;
}
