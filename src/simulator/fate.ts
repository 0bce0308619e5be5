import type { Knobs } from './knobs.ts';
import type { Random } from './random.ts';
import type { JobRequest } from './validation.ts';

/** How and when a job ends, drawn once when it is made. Times are simulator milliseconds. */
export interface Fate {
  outcome: 'done' | 'failed';
  finishAtMs: number;
  attempts: number;
  /** Duration of the attempt that gave the answer. */
  elapsedMs: number;
}

/** Grok's expert mode is slower, and capped; scrapellm.md section 11. */
const EXPERT = { mode: 'MODEL_MODE_EXPERT', medianMs: 35_000, p95Ms: 55_000, capMs: 60_000 };

/** Draws a job's life: a wait in the queue, then attempts until one succeeds or all have failed. */
export function drawFate(
  request: JobRequest,
  knobs: Knobs,
  random: Random,
  nowMs: number,
  speed: number,
): Fate {
  let finishAtMs = nowMs + random.exponential(knobs.queueWaitMeanMs) / speed;
  for (let attempt = 1; attempt <= knobs.attempts; attempt++) {
    const { durationMs, ok } = drawAttempt(request, knobs, random);
    finishAtMs = Math.ceil(finishAtMs + durationMs / speed);
    if (ok) return { outcome: 'done', finishAtMs, attempts: attempt, elapsedMs: durationMs / speed };
  }
  return { outcome: 'failed', finishAtMs, attempts: knobs.attempts, elapsedMs: 0 };
}

/** A cache hit waits for nobody: well under a second. */
export function drawCacheHit(random: Random, nowMs: number, speed: number): Fate {
  const elapsedMs = random.between(20, 120) / speed;
  return {
    outcome: 'done',
    finishAtMs: Math.ceil(nowMs + random.between(200, 900) / speed + elapsedMs),
    attempts: 1,
    elapsedMs,
  };
}

/** One attempt, as a sync call makes it. `hung`: cut off at its timeout. */
export function drawAttempt(
  request: JobRequest,
  knobs: Knobs,
  random: Random,
): { durationMs: number; ok: boolean; hung: boolean } {
  const drawnMs =
    request.mode === EXPERT.mode
      ? Math.min(random.logNormal(EXPERT.medianMs, EXPERT.p95Ms), EXPERT.capMs)
      : random.logNormal(knobs.attemptMedianMs, knobs.attemptP95Ms);
  const failed = random.chance(knobs.attemptFailureRate);
  const limitMs = request.timeoutSeconds * 1000;
  const hung = drawnMs > limitMs;
  return { durationMs: Math.min(drawnMs, limitMs), ok: !failed && !hung, hung };
}
