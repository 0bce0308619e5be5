import { describe, expect, it } from 'vitest';
import { Rate } from '../../src/simulator/traffic.ts';

describe('a rate', () => {
  it('counts the calls of the last minute and keeps the fullest one', () => {
    const rate = new Rate();
    for (const ms of [0, 59_000, 59_500, 60_500, 118_000]) rate.add(ms);
    expect(rate.within(118_000)).toBe(4);
    expect(rate.within(120_500)).toBe(1);
    expect(rate.within(200_000)).toBe(0);
    expect(rate.peakPerMinute).toBe(4);
  });

  it('takes a call exactly a minute ago for past', () => {
    const rate = new Rate();
    rate.add(0);
    rate.add(60_000);
    expect(rate.peakPerMinute).toBe(1);
  });

  it('stays right when old calls are thrown away', () => {
    const rate = new Rate();
    for (let i = 0; i < 40_000; i++) rate.add(i * 10);
    expect(rate.peakPerMinute).toBe(6_000);
    expect(rate.within(400_000)).toBe(5_999);
  });
});
