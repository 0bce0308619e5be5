import type { PollPlan } from './poll-plan.ts';

/** Timers under a second take one anyway, and looking oftener gains nothing. */
const MIN_DELAY_MS = 1_000;
/** However old a task is, it is looked at this often. */
const MAX_WIDE_GAP_MS = 600_000;
/** A task past its usual time waits longer for the next look by this share of the time it is late. */
const WIDE_GROWTH = 0.05;
/** Looks that are never left out: two that can still save a late result, and one that can say "expired". */
const BEFORE_RETENTION_MS = [600_000, 60_000];
const AFTER_RETENTION_MS = 5_000;
/** Gaps after an answer that will hardly change. */
const LASTING_MIN_MS = 120_000;
const LASTING_MAX_MS = 3_600_000;

/** How long to wait before the next look at a task of this age, whole milliseconds; ages are on the provider's clock. */
export function nextDelayMs(plan: PollPlan, ageMs: number): number {
  // A clock that runs behind makes young tasks, never ones that wait for longer than the first look.
  const age = Number.isFinite(ageMs) ? Math.max(0, ageMs) : 0;
  const regular = age < plan.firstMs ? plan.firstMs - age : gapAt(plan, age);
  return Math.max(MIN_DELAY_MS, Math.ceil(Math.min(regular, untilMark(plan, age))));
}

/**
 * The same after an answer that will hardly be another one soon: a tenth of the task's age, two minutes at least and an hour
 * at most, and never past a look that must not be left out.
 */
export function lastingDelayMs(plan: PollPlan, ageMs: number): number {
  const age = Number.isFinite(ageMs) ? Math.max(0, ageMs) : 0;
  const gap = Math.min(Math.max(age / 10, LASTING_MIN_MS), LASTING_MAX_MS);
  return Math.max(MIN_DELAY_MS, Math.ceil(Math.min(gap, untilMark(plan, age))));
}

function untilMark(plan: PollPlan, age: number): number {
  return (marks(plan).find((mark) => mark > age) ?? Infinity) - age;
}

function gapAt(plan: PollPlan, age: number): number {
  if (age < plan.wideAfterMs) return plan.gapMs;
  const grown = Math.min((age - plan.wideAfterMs) * WIDE_GROWTH, MAX_WIDE_GAP_MS);
  return Math.max(plan.gapMs, plan.wideGapMs, grown);
}

/** Ages at which a look must fall, rising. */
function marks(plan: PollPlan): number[] {
  return [...BEFORE_RETENTION_MS.map((ms) => plan.retentionMs - ms), plan.retentionMs + AFTER_RETENTION_MS];
}
