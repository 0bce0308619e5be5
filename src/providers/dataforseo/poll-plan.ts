import type { PollPlan } from '../../contracts/poll-plan.ts';
import type { ScrapeRequest } from '../../contracts/scrape.ts';
import { familyOf } from './families.ts';
import { variantsOf } from './request-body.ts';

/**
 * Ready lists and callbacks tell of the end; looks are the back-stop for what they miss. Each look counts against 2,000
 * calls a minute, and nearly all tasks end before the first one, so that a scrape needs one call to be collected.
 */
const GAPS = { normal: 5 * 60_000, high: 60_000 };
const MIN_GAP_MS = 1_000;

/** When to look at a task. `timeScale` divides all times but retention, which is a promise and not a guess. */
export function pollPlan(request: ScrapeRequest, timeScale: number): PollPlan {
  const family = familyOf(request.scraper);
  const priority = request.params['priority'] === 2 ? 'high' : 'normal';
  const times = family.times[priority];
  const scaled = (ms: number): number => Math.max(MIN_GAP_MS, Math.round(ms / timeScale));
  const [main = family.variants[0]] = variantsOf(request);
  return {
    hinted: true,
    firstMs: scaled(times.p99Ms),
    gapMs: scaled(GAPS[priority]),
    wideAfterMs: scaled(times.p99Ms),
    wideGapMs: scaled(GAPS[priority]),
    retentionMs: main?.retentionMs ?? 0,
  };
}
