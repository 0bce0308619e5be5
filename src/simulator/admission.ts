import type { SubmitStep } from './faults.ts';
import { problem, RESET, type Reply } from './reply.ts';
import { requestIdentity } from './job.ts';
import { validateQuery, type JobRequest } from './validation.ts';
import { isVendorScraper, PRICE_CREDITS } from './vendor-scrapers.ts';
import type { PaidCall, World } from './world.ts';

export type Admission =
  | { ok: true; key: string; request: JobRequest; identity: string }
  | { ok: false; reply: Reply };

/** Who may ask for what: key, scraper, then parameters. Nothing is counted or drawn for those who may not. */
export function admit(world: World, call: PaidCall): Admission {
  const { apiKey, scraper } = call;
  if (apiKey === undefined || apiKey === '') return turnAway(problem(401, 'Missing API key'));
  if (!world.state.knowsKey(apiKey)) return turnAway(problem(401, 'Invalid or revoked API key'));
  if (!isVendorScraper(scraper)) return turnAway(problem(404, `Unknown scraper: ${scraper.slice(0, 60)}`));
  const validated = validateQuery(scraper, call.query);
  if (!validated.ok) return turnAway(invalid(world, validated.field, validated.message));
  const { request } = validated;
  return { ok: true, key: apiKey, request, identity: requestIdentity(request) };
}

/** The limits that hold without any script: calls a minute for a key, jobs waiting for a scraper. */
export function overLimit(world: World, request: JobRequest): Reply | undefined {
  const { rateLimitPerMinute, queueLimit } = world.knobs;
  if (rateLimitPerMinute !== null) {
    // The call itself is counted already.
    if (world.traffic.submits.within(world.clock.wallMs()) > rateLimitPerMinute) return rateLimited(world);
  }
  if (queueLimit === null) return undefined;
  const nowMs = world.clock.nowMs();
  let waiting = 0;
  for (const job of world.state.jobs.values()) {
    if (job.request.scraper === request.scraper && job.finishAtMs > nowMs) waiting += 1;
  }
  return waiting >= queueLimit ? queueFull(world, request.scraper) : undefined;
}

/** Refuses an account that cannot pay in full; there are no partial charges. */
export function outOfCredits(world: World, key: string, price = PRICE_CREDITS): Reply | undefined {
  return world.state.balance(key, world.clock.nowMs()) < price ? creditLimit(world) : undefined;
}

/** What a fault that comes before the job answers: nothing is made, nothing charged. Other faults refuse nothing. */
export function refusalOf(world: World, fault: SubmitStep['fault'], scraper: string): Reply | undefined {
  const refusals: Partial<Record<SubmitStep['fault'], Reply>> = {
    'rate-limited': rateLimited(world),
    'queue-full': queueFull(world, scraper),
    'credit-limit': creditLimit(world),
    'error-500': problem(500, 'Scraper error'),
    'error-503': problem(503, 'Scraper pool is warming up, try again in a few seconds'),
    'error-504': problem(504, 'Network timeout reaching the scraper'),
    'reset-before': RESET,
  };
  return refusals[fault];
}

/** Three different conditions share status 429; only the text tells them apart. */
export function rateLimited(world: World): Reply {
  return withRetryAfter(world, problem(429, 'Rate limit exceeded. Please slow down and try again.'));
}

function queueFull(world: World, scraper: string): Reply {
  return withRetryAfter(world, problem(429, `The ${scraper} queue is full. Please try again shortly.`));
}

function creditLimit(world: World): Reply {
  return problem(
    world.knobs.noCreditsStatus,
    'Credit limit reached. Upgrade your plan or wait for the next cycle.',
  );
}

function withRetryAfter(world: World, reply: Reply): Reply {
  const seconds = world.knobs.retryAfterSeconds;
  return seconds === null ? reply : { ...reply, headers: { 'retry-after': String(seconds) } };
}

function invalid(world: World, field: string, message: string): Reply {
  if (world.knobs.validationStyle === 400) return problem(400, message);
  return problem(422, [{ type: 'value_error', loc: ['query', field], msg: message }]);
}

function turnAway(reply: Reply): Admission {
  return { ok: false, reply };
}
