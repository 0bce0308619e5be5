import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../src/providers/retry-after.ts';

const NOON = Date.UTC(2026, 4, 11, 12);

describe('retryAfterMs', () => {
  it.each([
    ['7', 7_000],
    [' 0 ', 0],
    ['1.5', 1_500],
    ['Mon, 11 May 2026 12:00:30 GMT', 30_000],
    ['Mon, 11 May 2026 11:59:00 GMT', 0],
    ['86400', 600_000],
    ['Tue, 12 May 2026 12:00:00 GMT', 600_000],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads %j as %s ms', (header, expected) => {
    const headers: Record<string, string> = header === undefined ? {} : { 'retry-after': header };
    expect(retryAfterMs({ status: 429, headers, body: new Uint8Array(), serverTimeMs: NOON })).toBe(expected);
  });
});
