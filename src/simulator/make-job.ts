import { drawCacheHit, drawFate, type Fate } from './fate.ts';
import type { Job } from './job.ts';
import { randomStream } from './random.ts';
import type { JobRequest } from './validation.ts';
import { PRICE_CREDITS } from './vendor-scrapers.ts';
import type { World } from './world.ts';

export interface Order {
  key: string;
  request: JobRequest;
  identity: string;
}

/** What a job would cost and where its answer would come from, before it is known whether it is made. */
export interface JobPlan {
  priceCredits: number;
  /** The job whose answer the cache would serve. */
  cached: Job | undefined;
}

/** Looks at the cache and sets the price. */
export function planJob(world: World, order: Order): JobPlan {
  const cached = world.state.cache.find(order.request, world.clock.nowMs(), world.knobs.cacheLifetimeMs);
  return { cached, priceCredits: cached && world.knobs.cacheHits === 'free' ? 0 : PRICE_CREDITS };
}

/**
 * Draws everything that will ever be true of a job, from the seed, what is bought and the how-manieth it is. `fate`
 * replaces the drawn one where the caller knows it already (a sync call).
 */
export function makeJob(world: World, order: Order, plan: JobPlan, fate?: Fate): Job {
  const { key, request, identity } = order;
  const nth = world.state.purchases.get(identity)?.jobs ?? 0;
  const random = randomStream(world.state.seed, 'job', identity, nth);
  const nowMs = world.clock.nowMs();
  const { cached } = plan;
  const drawn = cached
    ? drawCacheHit(random, nowMs, world.speed)
    : drawFate(request, world.knobs, random, nowMs, world.speed);
  const { knobs } = world;
  return {
    ...(fate ?? drawn),
    jobId: world.newJobId(),
    key,
    kind: fate ? 'sync' : 'async',
    request,
    identity,
    nth,
    createdAtMs: nowMs,
    retentionMs: knobs.retentionMs,
    chargedCredits: plan.priceCredits,
    refundDelayMs: knobs.refundDelayMs,
    ...(cached && { cachedAtMs: cached.finishAtMs }),
    answer: cached?.answer ?? {
      prompt: request.prompt,
      sample: request.bypassCache ? nth + 1 : 0,
      empty: false,
      hostile: knobs.hostileText,
      noMarkdownRate: knobs.noMarkdownRate,
      minBytes: knobs.resultBytes,
    },
  };
}
