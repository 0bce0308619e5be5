import { describe, expect, it } from 'vitest';
import { formatTime, parseTime } from '../../../src/simulator/dataforseo/time.ts';

describe("the vendor's timestamps", () => {
  it('are written in whole seconds of UTC, with either offset', () => {
    const ms = Date.parse('2026-11-20T09:12:04.999Z');
    expect(formatTime(ms)).toBe('2026-11-20 09:12:04 +00:00');
    expect(formatTime(ms, '+0000')).toBe('2026-11-20 09:12:04 +0000');
  });

  it('are read with any offset, and nothing else is', () => {
    const ms = Date.parse('2026-11-20T09:12:04Z');
    expect(parseTime('2026-11-20 09:12:04 +00:00')).toBe(ms);
    expect(parseTime('2026-11-20 11:12:04 +0200')).toBe(ms);
    expect(parseTime('2026-11-20 07:42:04 -01:30')).toBe(ms);
    for (const text of ['2026-11-20', '2026-11-20 09:12:04', '2026-13-20 09:12:04 +00:00', 5, null]) {
      expect(parseTime(text)).toBeUndefined();
    }
  });
});
