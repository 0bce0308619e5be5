import type { PollPlan } from '../../contracts/poll-plan.ts';
import type { ScrapeRequest } from '../../contracts/scrape.ts';
import { GROK_EXPERT, rowOf } from './engines.ts';

/**
 * Found with `npx tsx bench/poll-schedule.ts`: the widest gap at which answers are noticed within 0.1 s of the vendor's
 * own loop (every 3 s from the submit), with some room for the time a look itself takes.
 */
const GAP_MS = 2_400;
/** Past the 99th percentile a job is most often in a repeated attempt, which takes tens of seconds. */
const WIDE_GAP_MS = 8_000;
/** "Polling faster than 1 second provides no benefit" (guides/async-jobs). */
const MIN_GAP_MS = 1_000;

/** When to look at a job. `timeScale` divides all times but retention, which is a promise and not a guess. */
export function pollPlan(request: ScrapeRequest, timeScale: number): PollPlan {
  const { spec } = rowOf(request.scraper);
  const typical = request.params['mode'] === 'MODEL_MODE_EXPERT' ? GROK_EXPERT : spec.typical;
  const scaled = (ms: number) => Math.max(MIN_GAP_MS, Math.round(ms / timeScale));
  return {
    firstMs: scaled(typical.p20Ms),
    gapMs: scaled(GAP_MS),
    wideAfterMs: scaled(typical.p99Ms),
    wideGapMs: scaled(WIDE_GAP_MS),
    retentionMs: spec.retentionMs,
  };
}
