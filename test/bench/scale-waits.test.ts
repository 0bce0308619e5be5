import { describe, expect, it } from 'vitest';
import { busiestMinute } from '../../bench/scale/histories.ts';
import { countWaits, type LimitedCall } from '../../bench/scale/waits.ts';

describe('counting waits', () => {
  it('calls those held back by the limit that waited while the queue gave out all it may', () => {
    const { forLimit, forMachine } = countWaits(at20(200, 400), { submit: 8, read: 20 });
    // The first 4.5 s of a run at the limit cannot be told from a machine that is slow.
    expect([forLimit, forMachine]).toEqual([111, 89]);
  });

  it('does not count those that came at once, nor those of a slow machine', () => {
    expect(countWaits(at20(200, 50), { submit: 8, read: 20 }).forLimit).toBe(0);
    expect(countWaits(at20(200, 400), { submit: 8, read: 30 }).forLimit).toBe(0);
  });
});

it('finds the busiest minute however it is cut', () => {
  const events = [0, 59_000, 61_000, 62_000, 118_999, 121_001].map((ms) => ({ ms }));
  expect(busiestMinute(events)).toEqual(events.slice(1, 5));
});

/** Twenty a second. */
function at20(count: number, lateMs: number): LimitedCall[] {
  return Array.from({ length: count }, (_, i) => ({
    queue: 'read',
    scheduledMs: i * 50 - lateMs,
    startedMs: i * 50,
  }));
}
