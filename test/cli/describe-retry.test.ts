import { describe, expect, it } from 'vitest';
import { describeRetry } from '../../src/cli/describe-retry.ts';
import type { RetryPlan } from '../../src/contracts/retry.ts';

const plan: RetryPlan = {
  batchId: 'batch/lamps',
  n: 2,
  only: ['failed', 'unknown'],
  set: { bypass_cache: true },
  createdAt: '2026-11-23T10:00:00.000Z',
  total: 12,
  bound: { credits: 36 },
  pages: [1],
};
const counts = { failed: 7, unknown: 5 };
const pages = new Map();

describe('what a retry says before it buys', () => {
  it('is how many, with what, the most that it costs, and what is left of the ceiling', () => {
    expect(describeRetry({ kind: 'new', plan, pages, counts, left: { credits: 40 } })).toBe(
      '12 scrapes of batch/lamps once more with bypass_cache=true, at most 36 credits (7 failed, 5 unknown); ' +
        '40 credits left of the ceiling. What was paid before is looked at first',
    );
  });

  it('warns of a ceiling that is too low, and says that there is none', () => {
    const left = { credits: 35 };
    expect(describeRetry({ kind: 'new', plan, pages, counts, left })).toContain('not all of them');
    expect(describeRetry({ kind: 'new', plan, pages, counts, left: undefined })).toContain('; no ceiling.');
  });

  it('has one total where it is known what a credit costs', () => {
    const preview = { kind: 'new', plan, pages, counts, left: undefined } as const;
    expect(describeRetry(preview, 0.001)).toContain('36 credits ($0.036 in all)');
  });

  it('is that it goes on, of one that was begun', () => {
    expect(describeRetry({ kind: 'standing', plan, running: false })).toMatch(
      /^batch\/lamps\/retry\/2 of 2026-11-23 10:00 goes on: 12 scrapes/,
    );
  });

  it('is that there is nothing to buy', () => {
    const nothing = { ...plan, total: 0 };
    expect(describeRetry({ kind: 'new', plan: nothing, pages, counts: {}, left: undefined })).toBe(
      'batch/lamps has no scrape that is failed or unknown: nothing to buy',
    );
  });
});
