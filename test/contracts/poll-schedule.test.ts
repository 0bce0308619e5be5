import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PollPlan } from '../../src/contracts/poll-plan.ts';
import { nextDelayMs } from '../../src/contracts/poll-schedule.ts';

const DAY_MS = 86_400_000;
const plan: PollPlan = {
  firstMs: 10_900,
  gapMs: 2_400,
  wideAfterMs: 55_300,
  wideGapMs: 8_000,
  retentionMs: DAY_MS,
};

/** Ages of all looks at a task that never gets ready, until `untilMs`. */
function looks(plan: PollPlan, untilMs: number): number[] {
  const ages: number[] = [];
  for (let age = nextDelayMs(plan, 0); age <= untilMs; age += nextDelayMs(plan, age)) ages.push(age);
  return ages;
}

describe('nextDelayMs', () => {
  it('waits for the first look, then keeps a constant gap', () => {
    expect(looks(plan, 20_000)).toEqual([10_900, 13_300, 15_700, 18_100]);
  });

  it('waits only for the rest when the task is already some seconds old', () => {
    expect(nextDelayMs(plan, 4_000)).toBe(6_900);
  });

  it('widens the gap past the usual time and lets it grow slowly from there', () => {
    expect(nextDelayMs(plan, 55_299)).toBe(2_400);
    expect(nextDelayMs(plan, 55_300)).toBe(8_000);
    expect(nextDelayMs(plan, 55_300 + 400_000)).toBe(20_000);
    expect(nextDelayMs(plan, 12 * 3_600_000)).toBe(600_000);
  });

  it('looks 10 minutes and 1 minute before retention ends, and once right after it', () => {
    const ages = looks(plan, DAY_MS + 10_000);
    expect(ages).toContain(DAY_MS - 600_000);
    expect(ages).toContain(DAY_MS - 60_000);
    expect(ages.at(-1)).toBe(DAY_MS + 5_000);
  });

  it('needs few looks for a task that hangs for its whole retention', () => {
    expect(looks(plan, DAY_MS + 10_000).length).toBeLessThan(300);
  });

  it('goes on looking, ten minutes apart, when nobody says that the task is gone', () => {
    expect(nextDelayMs(plan, DAY_MS + 5_000)).toBe(600_000);
    expect(nextDelayMs(plan, 10 * DAY_MS)).toBe(600_000);
  });

  it('treats a task from the future as one that was bought now', () => {
    expect(nextDelayMs(plan, -3_600_000)).toBe(10_900);
    expect(nextDelayMs(plan, Number.NaN)).toBe(10_900);
  });

  const plans = fc
    .record({
      firstMs: fc.integer({ min: 0, max: 120_000 }),
      gapMs: fc.integer({ min: 1, max: 60_000 }),
      wideAfterMs: fc.integer({ min: 0, max: 600_000 }),
      wideGapMs: fc.integer({ min: 1, max: 900_000 }),
      retentionMs: fc.integer({ min: 0, max: 3 * DAY_MS }),
    })
    .map((plan): PollPlan => plan);
  const ages = fc.integer({ min: -10_000, max: 4 * DAY_MS });
  const anyAge = fc.oneof(ages, fc.double());

  it('is always a whole number of at least a second', () => {
    fc.assert(
      fc.property(plans, anyAge, (plan, age) => {
        const delay = nextDelayMs(plan, age);
        expect(Number.isSafeInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(1_000);
      }),
    );
  });

  it('never steps over a look around the end of retention by more than the shortest delay', () => {
    fc.assert(
      fc.property(
        plans,
        fc.constantFrom(-600_000, -60_000, 5_000),
        fc.integer({ min: 1, max: 7_200_000 }),
        (plan, at, before) => {
          const mark = plan.retentionMs + at;
          const age = mark - before;
          fc.pre(age >= 0);
          expect(age + nextDelayMs(plan, age)).toBeLessThanOrEqual(Math.max(mark, age + 1_000));
        },
      ),
    );
  });

  it('never makes the look at an older task come before that at a younger one', () => {
    fc.assert(
      fc.property(plans, fc.nat(4 * DAY_MS), fc.nat(1_000_000), (plan, age, older) => {
        fc.pre(plan.firstMs <= plan.wideAfterMs);
        const later = age + older;
        expect(later + nextDelayMs(plan, later)).toBeGreaterThanOrEqual(age + nextDelayMs(plan, age));
      }),
    );
  });
});
