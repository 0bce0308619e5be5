import type { Charge } from '../../contracts/money.ts';
import type { ScrapeRequest } from '../../contracts/scrape.ts';
import { parseJson } from '../parse-json.ts';
import type { HttpReply, PriceList } from '../provider.ts';
import { familyOf } from './families.ts';
import type { Api, Price } from './family.ts';
import { isObject, objectsOf, readEnvelope, toMicros } from './wire.ts';

type Priority = 'normal' | 'high';

/** What the documented prices of an API start from: the account's own list has one row for all its families. */
const DOCUMENTED: Record<Api, Record<Priority, number>> = {
  serp: { normal: 600, high: 1_200 },
  ai_optimization: { normal: 1_200, high: 2_400 },
};

/** "The charge per task will be multiplied by 5" (`keyword`). */
export const OPERATOR_FACTOR = 5;
/** "You will be charged extra $0.0006" (`load_async_ai_overview`, `calculate_rectangles`); given back if there is none. */
export const AI_OVERVIEW_MICROS = 600;
export const RECTANGLES_MICROS = 600;
/** "$0.00015 extra for each click regardless of task priority" (`people_also_ask_click_depth`). */
const CLICK_MICROS = 150;

/** What is charged for clicks, micro-dollars. */
export function clickMicros(params: ScrapeRequest['params']): number {
  return numberOr(params['people_also_ask_click_depth'], 0) * CLICK_MICROS;
}

/**
 * The most that a task can cost: the dearest reading of every surcharge, all multipliers applied to all of it. The account's
 * own prices raise it where they are higher; they never lower it, since one row stands for many families there.
 */
export function priceBound(request: ScrapeRequest, prices: PriceList = {}): Charge {
  const family = familyOf(request.scraper);
  const params = { ...request.params, ...family.always };
  const { price } = family;
  const priority = params['priority'] === 2 ? 'high' : 'normal';
  // Whether an account that pays more for a page pays more for what comes on top, nobody says: it is reserved for.
  const raised = (micros: number): number => raise(micros, prices, family.api, priority);
  const first = raised(price[priority]);
  const further = Math.ceil((first * (price.pages?.furtherPercent ?? 0)) / 100);
  const pages = first + (pagesBilled(price, request.params) - 1) * further;
  const extras =
    rectangles(price, params['calculate_rectangles'] === true, {
      first,
      pages,
      least: raised(RECTANGLES_MICROS),
    }) +
    (params['load_async_ai_overview'] === true ? raised(AI_OVERVIEW_MICROS) : 0) +
    raised(numberOr(params['people_also_ask_click_depth'], 0) * CLICK_MICROS);
  const factor = hasOperator(request, price.operators) ? OPERATOR_FACTOR : 1;
  return { usdMicros: (pages + extras) * factor };
}

/** How many pages of results can be billed. */
export function pagesBilled({ pages }: Price, params: ScrapeRequest['params']): number {
  if (!pages) return 1;
  const size = params['device'] === 'mobile' ? (pages.mobileSize ?? pages.size) : pages.size;
  const byDepth = Math.ceil(numberOr(params['depth'], pages.defaultDepth) / size);
  const limit = params['max_crawl_pages'];
  if (typeof limit !== 'number') return byDepth;
  // A short page may need another one to reach the depth, up to the limit; where pages are not what is billed, either may count.
  return pages.limited ? limit : Math.max(limit, byDepth);
}

/** A documented price in the proportion in which the account's own list is dearer. */
function raise(micros: number, prices: PriceList, api: Api, priority: Priority): number {
  const listed = prices[`${api}/${priority}`];
  if (listed === undefined) return micros;
  return Math.max(micros, Math.ceil((micros * listed) / DOCUMENTED[api][priority]));
}

function rectangles(
  { rectangles: how }: Price,
  wanted: boolean,
  { first, pages, least }: { first: number; pages: number; least: number },
): number {
  if (!wanted || !how) return 0;
  return how === 'doubles' ? pages : Math.max(least, first);
}

/** As a plain search for the words: the vendor does not say how it looks, and reading "paid:" as "id:" only reserves more. */
function hasOperator({ prompt, params }: ScrapeRequest, operators: readonly string[] = []): boolean {
  const searched = [prompt, params['url'], params['search_param']].join(' ').toLowerCase();
  const decoded = searched.replaceAll('%3a', ':');
  return operators.some((operator) => decoded.includes(operator));
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

/**
 * The prices of a task in the account's own list (`appendix/user_data`), as `serp/normal`, `ai_optimization/high` and so
 * on. Where a list has several rows the dearest counts. Undefined if there is no list in the reply.
 */
export function readPrices(reply: HttpReply): PriceList | undefined {
  const user = readEnvelope(parseJson(reply.body))?.tasks[0]?.result;
  const price = at(objectsOf(user)[0], 'price');
  const lists: Array<[Api, unknown]> = [
    ['serp', at(price, 'serp', 'task_post')],
    ['ai_optimization', at(price, 'ai_optimization', 'llm_scraper', 'task_post')],
  ];
  const prices = Object.fromEntries(
    lists.flatMap(([api, list]) => [
      // Nobody says which of the two queue rows stands for priority 1.
      ...dearest(`${api}/normal`, [at(list, 'priority_low'), at(list, 'priority_normal')]),
      ...dearest(`${api}/high`, [at(list, 'priority_high')]),
    ]),
  );
  return Object.keys(prices).length === 0 ? undefined : prices;
}

function dearest(name: string, rows: readonly unknown[]): Array<[string, number]> {
  const costs = rows.flatMap(objectsOf).flatMap(({ cost }) => toMicros(cost) ?? []);
  return costs.length === 0 ? [] : [[name, Math.max(...costs)]];
}

function at(value: unknown, ...path: string[]): unknown {
  let inner = value;
  for (const name of path) inner = isObject(inner) ? inner[name] : undefined;
  return inner;
}
