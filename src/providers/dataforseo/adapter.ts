import { formatCharge } from '../../contracts/money.ts';
import type { Charge } from '../../contracts/money.ts';
import type { Params, ScrapeRequest } from '../../contracts/scrape.ts';
import { scrapersOf } from '../../contracts/scrapers.ts';
import type { Scraper } from '../../contracts/scrapers.ts';
import type {
  BoughtTask,
  HttpReply,
  HttpRequest,
  PageTask,
  PriceMode,
  Provider,
  ProviderAccount,
  ScraperSpec,
  SubmitAnswer,
} from '../provider.ts';
import { USER_AGENT } from '../user-agent.ts';
import { failedBody, readFailed, readResend, resendBody } from './failed-callbacks.ts';
import { familyOf, paramsOf } from './families.ts';
import type { Family } from './family.ts';
import { normalize } from './normalize.ts';
import { pollPlan } from './poll-plan.ts';
import { readPostback } from './postback.ts';
import { possiblePrices } from './possible-prices.ts';
import { AI_OVERVIEW_MICROS, priceBound, readPrices } from './price.ts';
import { readProbe } from './probe.ts';
import { readCheck } from './read-check.ts';
import { expectedRefund, mayGiveBack } from './refund.ts';
import { readPage } from './read-submit.ts';
import { listsFor, readList } from './ready-lists.ts';
import { toWireTask, variantsOf } from './request-body.ts';
import { MAX_ROWS, REACH_MS, ownerOf, readSearch, searchBody } from './search.ts';
import { validate } from './validate.ts';

/** DataForSEO v3, the Standard method: tasks are posted, up to 100 a call, and collected later. */
export function createDataForSeo(): Provider {
  return {
    name: 'dataforseo',
    scrapers: Object.fromEntries(
      scrapersOf('dataforseo').map((scraper): [Scraper, ScraperSpec] => [scraper, specOf(scraper)]),
    ),
    limits: LIMITS,
    validate,
    priceBound,
    possiblePrices,
    pollPlan,
    variants: variantsOf,
    submitRequest: (request, account, tag, callbacks) =>
      submitPage([{ request, tag, ...(callbacks && { callbacks }) }], account),
    readSubmit,
    checkRequest,
    readCheck,
    expectedRefund,
    mayGiveBack,
    probeTellsFunds: true,
    probeRequest: (account) => get('appendix/user_data', account),
    readProbe,
    readPrices,
    pages: {
      maxTasks: MAX_TASKS,
      groupOf: (scraper) => familyOf(scraper).path,
      submitRequest: submitPage,
      readSubmit: readPage,
    },
    readyLists: {
      callsPerMinute: 18, // of 20
      listsFor,
      listRequest: (list, account) => get(`${list.id}/tasks_ready`, account),
      readList,
    },
    search: {
      callsPerMinute: 8, // of 10
      familyOf: (scraper) => familyOf(scraper).api,
      ownerOf,
      reachMs: REACH_MS,
      maxRows: MAX_ROWS,
      searchRequest: (family, window, account) => post(`${family}/id_list`, searchBody(window), account),
      readSearch,
    },
    webhooks: {
      readPostback,
      familyOf: (scraper) => familyOf(scraper).api,
      failedRequest: (family, fromMs, account) => post(`${family}/errors`, failedBody(fromMs), account),
      readFailed,
      maxResends: MAX_TASKS,
      resendRequest: (taskIds, account) => post('appendix/webhook_resend', resendBody(taskIds), account),
      readResend,
    },
    normalize,
  };
}

/** "Each POST call containing no more than 100 tasks" (task_post). */
const MAX_TASKS = 100;

/**
 * 2,000 calls a minute over the account. A queue at R a second passes up to 61 R + 1 in a minute, so both together pass
 * 1,710; lists (2 × 18), searches (2 × 8), prices and errors have the rest. "Simultaneous requests: 30" is documented for
 * AI Optimization, perhaps not for these families: all worker processes together stay below 25.
 */
const LIMITS = { submitsPerSecond: 8, readsPerSecond: 20, submitsAtOnce: 8, readsAtOnce: 16 };

/** All tasks have to be of one group; anything else is a fault of the caller. */
function submitPage(tasks: readonly PageTask[], account: ProviderAccount): HttpRequest {
  const paths = new Set(tasks.map(({ request }) => familyOf(request.scraper).path));
  const [path] = paths;
  if (path === undefined || paths.size > 1 || tasks.length > MAX_TASKS) {
    throw new RangeError(`${tasks.length} tasks of ${paths.size} groups cannot be bought in one call`);
  }
  return post(`${path}/task_post`, JSON.stringify(tasks.map(toWireTask)), account);
}

function readSubmit(reply: HttpReply, request: ScrapeRequest, tag: string): SubmitAnswer {
  return readPage(reply, [{ request, tag }])[0] ?? { kind: 'unknown', message: 'DataForSEO did not answer' };
}

/** By id, never by the addresses in lists: the vendor's own samples have wrong ones. */
function checkRequest({ taskId, scraper, variant }: BoughtTask, account: ProviderAccount): HttpRequest {
  const { path, variants } = familyOf(scraper);
  const form = variant ?? variants[0]?.name;
  return get(`${path}/task_get/${form}/${encodeURIComponent(taskId)}`, account);
}

function specOf(scraper: Scraper): ScraperSpec {
  const family = familyOf(scraper);
  return {
    maxPromptChars: family.maxPromptChars,
    // Whether a country is served, the vendor says when the task is posted; that is free.
    refusedCountries: [],
    params: paramsOf(family),
    price: priceBound({ scraper, prompt: '', market: 'US/en', params: {} }),
    modes: modesOf(scraper, family),
    priceNote: priceNote(scraper, family),
    typical: family.times.normal,
    retentionMs: family.variants[0]?.retentionMs ?? 0,
  };
}

/** Priority 2 is the vendor's high one. */
function modesOf(scraper: Scraper, { times, price, api, always }: Family): PriceMode[] {
  const priceOf = (params: Params): Charge => priceBound({ scraper, prompt: '', market: 'US/en', params });
  const highParams = { priority: 2 };
  // What a page has on top costs the same in every mode.
  const extra = always?.['load_async_ai_overview'] === true && api === 'serp' ? AI_OVERVIEW_MICROS : 0;
  return [
    { name: 'standard', price: priceOf({}), typical: times.normal, offered: true },
    {
      name: 'high priority',
      price: priceOf(highParams),
      typical: times.high,
      params: highParams,
      offered: true,
    },
    {
      name: 'live',
      price: { usdMicros: price.live + extra },
      typical: { p99Ms: price.liveMs },
      offered: false,
    },
  ];
}

function priceNote(scraper: Scraper, { price, variants }: Family): string {
  const high = priceBound({ scraper, prompt: '', market: 'US/en', params: { priority: 2 } });
  return [
    ...(price.pages ? [`a page of ${price.pages.size} results`] : []),
    `${formatCharge(high)} with priority=2`,
    ...(variants.some(({ name }) => name === 'html') ? ['html kept 7 days'] : []),
  ].join('; ');
}

function get(path: string, account: ProviderAccount): HttpRequest {
  return { method: 'GET', url: urlOf(path, account), headers: headersOf(account) };
}

function post(path: string, body: string, account: ProviderAccount): HttpRequest {
  const headers = { ...headersOf(account), 'content-type': 'application/json' };
  return { method: 'POST', url: urlOf(path, account), headers, body };
}

function urlOf(path: string, { baseUrl }: ProviderAccount): string {
  return `${baseUrl.replace(/\/+$/, '')}/v3/${path}`;
}

/** The secret is `login:password`, as Basic authentication takes it. */
function headersOf({ secret }: ProviderAccount): Record<string, string> {
  return {
    accept: 'application/json',
    authorization: `Basic ${Buffer.from(secret, 'utf8').toString('base64')}`,
    'user-agent': USER_AGENT,
  };
}
