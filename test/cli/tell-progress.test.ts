import { describe, expect, it } from 'vitest';
import type { BatchStatus } from '../../src/client/batch-status.ts';
import { batchLines, describeBatch, formatDuration } from '../../src/cli/show-batch.ts';
import { CalmLines } from '../../src/cli/tell-progress.ts';
import { emptyCounts } from '../../src/contracts/outcomes.ts';

function statusOf(done: number, more: Partial<BatchStatus> = {}): BatchStatus {
  return {
    batchId: 'batch/x',
    state: 'running',
    progress: {
      batchId: 'batch/x',
      total: 10,
      counts: { ...emptyCounts(), done, open: 10 - done },
      charge: { credits: 3 * done },
      possiblySpent: {},
      refundExpected: {},
      inFlight: { scrapes: 2, bound: { credits: 6 } },
      ceiling: { credits: 24 },
    },
    ...more,
  };
}

describe('a running batch', () => {
  const status = statusOf(4, {
    pace: { perMinute: 12.5, overMs: 60_000, leftMs: 29_000 },
    waiting: '4 for a place in the window of 2',
  });

  it('tells counts, pace, money against its ceiling with what is in flight, and what it waits for', () => {
    expect(batchLines(status)).toEqual([
      'batch/x: 4 of 10 in: 4 done · 6 open (2 in flight)',
      'spent 12 credits of at most 24 credits · up to 6 credits more in flight',
      'pace: 12.5 a minute, about 29 s left',
      'waiting: 4 for a place in the window of 2',
    ]);
  });

  it('tells the same in one line without control codes', () => {
    const line = describeBatch(status);
    expect(line).toContain(
      '4 of 10 in: 4 done · 6 open (2 in flight) · 12.5 a minute · about 29 s left · spent',
    );
    expect(line).not.toMatch(/\p{Cc}/u);
  });

  it('of which nothing has ended has no time left', () => {
    expect(batchLines(statusOf(0, { pace: { perMinute: 0, overMs: 5_000 } }))[2]).toBe(
      'pace: nothing has ended yet',
    );
  });
});

it('durations are as exact as an estimate is', () => {
  expect([400, 89_000, 100_000, 3_600_000, 12_600_000].map(formatDuration)).toEqual([
    '1 s',
    '89 s',
    '2 min',
    '60 min',
    '3.5 h',
  ]);
});

describe('lines for a pipe', () => {
  it('come at once for a new reason, every ten seconds for new counts, and never for the same', () => {
    const lines = new CalmLines();
    expect(lines.isNews(statusOf(0), 0)).toBe(true);
    expect(lines.isNews(statusOf(1), 2_000)).toBe(false);
    expect(lines.isNews(statusOf(1), 10_000)).toBe(true);
    expect(lines.isNews(statusOf(1), 60_000)).toBe(false);
    expect(lines.isNews(statusOf(1, { waiting: '5 calls in the queue' }), 61_000)).toBe(true);
    expect(lines.isNews(statusOf(1, { waiting: '4 calls in the queue' }), 62_000)).toBe(false);
    expect(lines.isNews(statusOf(1, { waiting: 'no worker' }), 63_000)).toBe(true);
  });
});
