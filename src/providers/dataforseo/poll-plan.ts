import type { PollPlan } from '../../contracts/poll-plan.ts';
import type { ScrapeRequest } from '../../contracts/scrape.ts';
import { familyOf } from './families.ts';
import { variantsOf } from './request-body.ts';

/**
 * Looks are free and count against 2,000 calls a minute. The vendor advises 5 to 10 minutes between looks at a list with
 * normal priority and 1 to 3 with high priority (help center, best practices); a single task is looked at more often.
 */
const GAPS = {
  normal: { gapMs: 60_000, wideGapMs: 15 * 60_000 },
  high: { gapMs: 15_000, wideGapMs: 5 * 60_000 },
};
const MIN_GAP_MS = 1_000;

/** When to look at a task. `timeScale` divides all times but retention, which is a promise and not a guess. */
export function pollPlan(request: ScrapeRequest, timeScale: number): PollPlan {
  const family = familyOf(request.scraper);
  const priority = request.params['priority'] === 2 ? 'high' : 'normal';
  const times = family.times[priority];
  const scaled = (ms: number): number => Math.max(MIN_GAP_MS, Math.round(ms / timeScale));
  const [main = family.variants[0]] = variantsOf(request);
  return {
    firstMs: scaled(times.p20Ms),
    gapMs: scaled(GAPS[priority].gapMs),
    wideAfterMs: scaled(times.p99Ms),
    wideGapMs: scaled(GAPS[priority].wideGapMs),
    retentionMs: main?.retentionMs ?? 0,
  };
}
