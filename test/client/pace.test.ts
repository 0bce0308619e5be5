import { describe, expect, it } from 'vitest';
import { RecentPace, paceBetween } from '../../src/client/pace.ts';

describe('the pace of a batch', () => {
  it('is what ended a minute, and how long the open ones take at that', () => {
    const pace = paceBetween({ atMs: 0, ended: 0 }, { atMs: 30_000, ended: 100 }, 400);
    expect(pace).toEqual({ perMinute: 200, overMs: 30_000, leftMs: 120_000 });
  });

  it('promises no end while nothing ends, and is nothing without time', () => {
    expect(paceBetween({ atMs: 0, ended: 5 }, { atMs: 30_000, ended: 5 }, 400)).toEqual({
      perMinute: 0,
      overMs: 30_000,
    });
    expect(paceBetween({ atMs: 7, ended: 0 }, { atMs: 7, ended: 5 }, 1)).toBeUndefined();
  });

  it('never runs backwards, also when a count comes from before', () => {
    expect(paceBetween({ atMs: 0, ended: 9 }, { atMs: 60_000, ended: 5 }, 1)?.perMinute).toBe(0);
  });

  it('while it is watched is that of the last minute, and waits until it has seen enough', () => {
    const recent = new RecentPace();
    expect(recent.look({ atMs: 0, ended: 1_000 }, 9)).toBeUndefined();
    expect(recent.look({ atMs: 9_000, ended: 1_000 }, 9)).toBeUndefined();
    expect(recent.look({ atMs: 20_000, ended: 1_020 }, 9)?.perMinute).toBe(60);
    for (let second = 22; second <= 200; second += 2) recent.look({ atMs: second * 1_000, ended: 1_020 }, 9);
    const last = recent.look({ atMs: 202_000, ended: 1_030 }, 9);
    expect(last).toMatchObject({ perMinute: 10, overMs: 60_000 });
  });
});
