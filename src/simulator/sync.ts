import { admit, outOfCredits, overLimit, refusalOf } from './admission.ts';
import { drawAttempt } from './fate.ts';
import { makeJob, planJob, type JobPlan, type Order } from './make-job.ts';
import { randomStream } from './random.ts';
import { json, problem, type Reply } from './reply.ts';
import { buildResult } from './result.ts';
import type { PaidCall, World } from './world.ts';

/** A sync call in progress: hold the connection until `readyAtMs` of the simulator's clock, then send `finish()`. */
export interface SyncRun {
  readyAtMs: number;
  finish(): Reply;
}

/** `GET /scrapers/{scraper}`: one attempt while the connection is held. Credits are taken with the 200. */
export function beginSync(world: World, call: PaidCall): SyncRun {
  const admitted = admit(world, call);
  if (!admitted.ok) return at(world, admitted.reply);
  const plan = planJob(world, admitted);
  const { scraper } = admitted.request;
  // Of the faults of a submit, a sync call knows those that refuse; its other troubles are its attempt's.
  const step = world.scripts.nextSubmit(admitted.key, scraper);
  const refusal =
    overLimit(world, admitted.request) ??
    refusalOf(world, step?.fault ?? 'none', scraper) ??
    outOfCredits(world, admitted.key, plan.priceCredits);
  return refusal ? at(world, refusal) : attempt(world, admitted, plan);
}

function attempt(world: World, order: Order, plan: JobPlan): SyncRun {
  const nth = world.state.purchases.get(order.identity)?.submits ?? 0;
  const random = randomStream(world.state.seed, 'sync', order.identity, nth);
  const drawn = plan.cached
    ? { durationMs: random.between(20, 120), ok: true, hung: false }
    : drawAttempt(order.request, world.knobs, random);
  const elapsedMs = world.knobs.durationMs ?? drawn.durationMs / world.speed;
  const readyAtMs = world.clock.nowMs() + elapsedMs;
  return {
    readyAtMs,
    finish: () => {
      if (drawn.hung) return problem(408, 'The AI site gave no answer within the timeout');
      if (!drawn.ok) return problem(500, 'Scraper error');
      // The balance may have gone while the connection was held.
      const refusal = outOfCredits(world, order.key, plan.priceCredits);
      if (refusal) return refusal;
      const fate = { outcome: 'done' as const, finishAtMs: readyAtMs, attempts: 1, elapsedMs };
      const job = makeJob(world, order, plan, fate);
      world.record({ type: 'submitted', identity: order.identity, job });
      world.record({ type: 'delivered', jobId: job.jobId, atMs: world.clock.nowMs() });
      return json(200, buildResult(world.state.seed, job));
    },
  };
}

function at(world: World, reply: Reply): SyncRun {
  return { readyAtMs: world.clock.nowMs(), finish: () => reply };
}
