import type { Answer, Citation, Product } from '../../contracts/answer.ts';
import type { Charge } from '../../contracts/money.ts';
import type { ScrapeRequest } from '../../contracts/scrape.ts';
import { domainOf } from '../domain-of.ts';
import { parseJson } from '../parse-json.ts';
import { CREDITS_PER_SCRAPE, rowOf } from './engines.ts';
import { parseCount, parseCredits, parseRating } from './numbers.ts';
import { jobSchema, resultSchema } from './wire.ts';
import type { Reference, WireProduct, WireResult } from './wire.ts';

/** Makes an answer of a stored job; throws if there is neither text nor products in it. */
export function normalize(body: Uint8Array, request: ScrapeRequest): Answer {
  const job = jobSchema.safeParse(parseJson(body));
  if (!job.success) throw new Error('the stored body is not a ScrapeLLM job');
  const result = readResult(job.data.result);
  const text = [result.result_markdown, result.result].find((candidate) => candidate?.trim()) ?? '';
  const products = result.products.map(toProduct).filter((product) => product !== undefined);
  if (text === '' && products.length === 0) {
    throw new Error('the stored job holds neither text nor products');
  }
  const { offers } = rowOf(request.scraper);
  return {
    ...request,
    text,
    citations: offered(offers.citations, toCitations(result)),
    fanOutQueries: offered(offers.fanOutQueries, result.search_queries),
    followUps: offered(offers.followUps, result.related_questions),
    products: offered(offers.products, products),
    ranks: null,
    model: result.llm_model?.trim() || null,
    cached: result.cached ?? null,
    charge: chargeOf(result),
  };
}

/** The `result` of a job; one of another form reads as an empty one. */
export function readResult(result: unknown): WireResult {
  const parsed = resultSchema.safeParse(typeof result === 'string' ? { result } : result);
  return parsed.success ? parsed.data : resultSchema.parse({});
}

/** What the result says it cost; the documented price if it says nothing usable. */
export function chargeOf(result: WireResult): Charge {
  return { credits: parseCredits(result.credits_used) ?? CREDITS_PER_SCRAPE };
}

/**
 * Whether a done job brought nothing. A text or product list of a form that we cannot read is something: it is stored
 * as it came, without an answer.
 */
export function isEmptyResult(result: unknown): boolean {
  if (typeof result !== 'object' || result === null) return isBlank(result);
  const fields = new Map<string, unknown>(Object.entries(result));
  return ['result_markdown', 'result', 'products'].every((name) => isBlank(fields.get(name)));
}

function isBlank(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Null says "not offered"; what comes against the table is shown all the same. */
function offered<T>(isOffered: boolean, items: T[]): T[] | null {
  return isOffered || items.length > 0 ? items : null;
}

/** All that the answer points at, each address once, in the order of its first mention. */
function toCitations(result: WireResult): Citation[] {
  const { citations, sources, links, web_sources, x_results, search_results } = result;
  const byUrl = new Map<string, Citation>();
  for (const reference of [citations, sources, links, web_sources, x_results, search_results].flat()) {
    const citation = toCitation(reference);
    if (citation.url !== '' && !byUrl.has(citation.url)) byUrl.set(citation.url, citation);
  }
  return [...byUrl.values()];
}

function toCitation(reference: Reference): Citation {
  const url = reference.url.trim();
  const title = reference.title?.trim() || reference.text?.trim();
  const snippet =
    reference.snippet?.trim() || reference.preview?.trim() || reference.highlights?.join(' … ').trim();
  const siteName = reference.website_name?.trim();
  return {
    url,
    domain: domainOf(url),
    ...(title && { title }),
    ...(snippet && { snippet }),
    ...(siteName && { siteName }),
  };
}

function toProduct(wire: WireProduct): Product | undefined {
  const [id, title, url] = [wire.asin?.trim(), wire.title?.trim(), wire.url?.trim()];
  if (!id && !title && !url) return undefined;
  const [rating, reviews] = [parseRating(wire.rating), parseCount(wire.reviews)];
  return {
    ...(id && { id }),
    ...(title && { title }),
    ...(url && { url }),
    ...(rating !== undefined && { rating }),
    ...(reviews !== undefined && { reviews }),
  };
}
