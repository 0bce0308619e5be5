import { parseMarket } from '../../contracts/market.ts';
import type { ScrapeRequest } from '../../contracts/scrape.ts';
import { scrapersOf } from '../../contracts/scrapers.ts';
import type { Scraper } from '../../contracts/scrapers.ts';
import type {
  BoughtTask,
  HttpReply,
  HttpRequest,
  ProbeAnswer,
  Provider,
  ProviderAccount,
  ScraperSpec,
  SubmitAnswer,
} from '../provider.ts';
import { parseJson } from '../parse-json.ts';
import { USER_AGENT } from '../user-agent.ts';
import { CREDITS_PER_SCRAPE, rowOf } from './engines.ts';
import { readCheck } from './read-check.ts';
import { readRefusal, sayStatus } from './errors.ts';
import { normalize } from './normalize.ts';
import { pollPlan } from './poll-plan.ts';
import { validate } from './validate.ts';
import { parseTime, submittedSchema } from './wire.ts';

/** ScrapeLLM, asynchronous jobs only. It has no idempotency key, no job list and no field for a mark of ours. */
export function createScrapeLlm(): Provider {
  return {
    name: 'scrapellm',
    scrapers: Object.fromEntries(
      scrapersOf('scrapellm').map((scraper): [Scraper, ScraperSpec] => [scraper, rowOf(scraper).spec]),
    ),
    // Figures vary by plan and are not published; these are a careful start.
    limits: { submitsPerSecond: 5, readsPerSecond: 50 },
    validate,
    priceBound: () => ({ credits: CREDITS_PER_SCRAPE }),
    pollPlan,
    submitRequest,
    readSubmit,
    checkRequest,
    readCheck,
    probeRequest,
    readProbe,
    normalize,
  };
}

/** The whole request is in the address, up to 48 KB of it; there is no body. The market's language is not sent. */
function submitRequest(request: ScrapeRequest, account: ProviderAccount): HttpRequest {
  const { vendorName } = rowOf(request.scraper);
  const fields: Array<[string, string | number | boolean]> = [['prompt', request.prompt]];
  const market = parseMarket(request.market);
  if (market) fields.push(['country', market.country]);
  fields.push(...Object.entries(request.params).sort(([a], [b]) => (a < b ? -1 : 1)));
  const query = fields
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
  return {
    method: 'POST',
    url: `${baseOf(account)}/scrapers/${vendorName}/jobs?${query}`,
    headers: { ...COMMON_HEADERS, 'content-length': '0', 'x-api-key': account.secret },
  };
}

function readSubmit(reply: HttpReply): SubmitAnswer {
  if (reply.status < 200 || reply.status > 299) return readRefusal(reply);
  const body = submittedSchema.safeParse(parseJson(reply.body));
  if (!body.success) return { kind: 'unknown', message: `${sayStatus(reply)} without a job id` };
  return {
    kind: 'accepted',
    taskId: body.data.job_id,
    charge: { credits: CREDITS_PER_SCRAPE },
    submittedAt: submittedAt(body.data.created_at, reply.serverTimeMs),
  };
}

/** Ages are measured on `Date` headers, so a creation time that is far from them is not believed. */
const MAX_CLOCK_GAP_MS = 600_000;

function submittedAt(createdAt: string | undefined, serverTimeMs: number): string {
  const created = parseTime(createdAt);
  const plausible = Math.abs(created - serverTimeMs) <= MAX_CLOCK_GAP_MS;
  return new Date(plausible ? created : serverTimeMs).toISOString();
}

/** Without the key: a job id is all that a read needs. */
function checkRequest({ taskId }: Pick<BoughtTask, 'taskId'>, account: ProviderAccount): HttpRequest {
  return {
    method: 'GET',
    url: `${baseOf(account)}/jobs/${encodeURIComponent(taskId)}`,
    headers: COMMON_HEADERS,
  };
}

/** Asks for a job that cannot exist: the one call that costs nothing. It needs no key, so it says nothing about one. */
function probeRequest(account: ProviderAccount): HttpRequest {
  return checkRequest({ taskId: '00000000-0000-4000-8000-000000000000' }, account);
}

function readProbe(reply: HttpReply): ProbeAnswer {
  return reply.status === 404
    ? { kind: 'ok', message: 'answers. Key and balance cannot be checked without buying' }
    : { kind: 'unclear', message: `answered ${reply.status} where 404 was expected` };
}

const COMMON_HEADERS = { accept: 'application/json', 'user-agent': USER_AGENT };

function baseOf(account: ProviderAccount): string {
  return account.baseUrl.replace(/\/+$/, '');
}
