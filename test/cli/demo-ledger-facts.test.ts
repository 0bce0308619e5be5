import { describe, expect, it } from 'vitest';
import { checkMoney, readFacts } from '../../src/cli/demo/ledger-facts.ts';
import type { LedgerJob } from '../../src/simulator/ledger.ts';

let made = 0;

function job(overrides: Partial<LedgerJob>): LedgerJob {
  made += 1;
  return {
    jobId: `job-${made}`,
    key: 'key',
    kind: 'async',
    scraper: 'chatgpt',
    prompt: 'best lamp',
    country: 'US',
    params: { bypassCache: false, webSearch: true, markdownJson: false, mode: '' },
    createdAt: new Date(made * 1000).toISOString(),
    state: 'done',
    outcome: 'done',
    attempts: 1,
    cached: false,
    charged: 3,
    refunded: 0,
    collected: 1,
    firstReadyAt: null,
    firstDeliveredAt: null,
    ...overrides,
  };
}

function ids(...jobs: LedgerJob[]): Set<string> {
  return new Set(jobs.map(({ jobId }) => jobId));
}

describe('what the ledger says of a side', () => {
  it('calls a second purchase of an answer that did not fail bought twice, and the first one lost', () => {
    const [first, second] = [job({}), job({})];
    expect(readFacts([first, second], ids(second))).toEqual({
      jobs: 2,
      credits: 6,
      boughtTwice: 1,
      boughtAfterFailure: 0,
      lost: 1,
      lostCredits: 3,
    });
  });

  it('does not call it bought twice when the provider had failed and given the money back', () => {
    const [failed, second] = [job({ outcome: 'failed', state: 'failed', refunded: 3 }), job({})];
    expect(readFacts([second, failed], ids(second))).toMatchObject({
      credits: 3,
      boughtTwice: 0,
      boughtAfterFailure: 1,
      lost: 0,
      lostCredits: 0,
    });
  });

  it('counts a third purchase as twice if the second one was good', () => {
    const jobs = [job({ outcome: 'failed', refunded: 3 }), job({}), job({})];
    expect(readFacts(jobs, ids(...jobs))).toMatchObject({ boughtTwice: 1, boughtAfterFailure: 1 });
  });

  it('tells questions apart by scraper, prompt and country', () => {
    const jobs = [job({}), job({ scraper: 'grok' }), job({ country: 'DE' }), job({ prompt: 'best desk' })];
    expect(readFacts(jobs, ids(...jobs))).toMatchObject({ jobs: 4, boughtTwice: 0, lost: 0 });
  });

  it('counts a job that is still pending and unknown to the buyer as lost', () => {
    expect(readFacts([job({ outcome: 'pending' })], new Set())).toMatchObject({ lost: 1, lostCredits: 3 });
  });
});

describe('the records against the ledger', () => {
  it('agree when charge less refund is what the ledger says', () => {
    const own = { charged: 423, refundExpected: 3, possiblySpent: 0 };
    expect(checkMoney(own, 420).agree).toBe(true);
    expect(checkMoney(own, 423).agree).toBe(false);
    expect(checkMoney(own, 417).agree).toBe(false);
  });

  it('agree within what a lost answer may have cost, and not beyond', () => {
    const own = { charged: 417, refundExpected: 0, possiblySpent: 3 };
    expect([414, 417, 420, 423].map((ledger) => checkMoney(own, ledger).agree)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});
