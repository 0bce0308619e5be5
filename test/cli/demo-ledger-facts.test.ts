import { describe, expect, it } from 'vitest';
import { checkMoney, readFacts, readTaskFacts } from '../../src/cli/demo/ledger-facts.ts';
import type { LedgerTask } from '../../src/simulator/dataforseo/ledger.ts';
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

function task(overrides: Partial<LedgerTask>): LedgerTask {
  made += 1;
  return {
    id: `task-${made}`,
    login: 'simulator',
    family: 'google_images',
    tag: `tag-${made}`,
    keyword: 'best lamp',
    foreign: false,
    code: 20000,
    chargedMicros: 600,
    refundedMicros: 0,
    refundWithheldMicros: 0,
    postedAt: new Date(made * 1000).toISOString(),
    readyAt: null,
    firstCollectedAt: null,
    fetched: { advanced: 1, regular: 0, html: 0 },
    callbacks: { sent: 0, failed: 0, skipped: false },
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
      cost: 6,
      boughtTwice: 1,
      boughtAfterFailure: 0,
      lost: 1,
      lostCost: 3,
    });
  });

  it('does not call it bought twice when the provider had failed and given the money back', () => {
    const [failed, second] = [job({ outcome: 'failed', state: 'failed', refunded: 3 }), job({})];
    expect(readFacts([second, failed], ids(second))).toMatchObject({
      cost: 3,
      boughtTwice: 0,
      boughtAfterFailure: 1,
      lost: 0,
      lostCost: 0,
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
    expect(readFacts([job({ outcome: 'pending' })], new Set())).toMatchObject({ lost: 1, lostCost: 3 });
  });
});

describe('what the ledger of DataForSEO says', () => {
  it('tells tasks apart by family and keyword, and counts micro-dollars less refunds', () => {
    const tasks = [task({}), task({ family: 'chat_gpt', chargedMicros: 1_200, refundedMicros: 200 })];
    const facts = readTaskFacts(tasks, new Set(tasks.map(({ id }) => id)));
    expect(facts).toMatchObject({ jobs: 2, cost: 1_600, boughtTwice: 0, lost: 0, lostCost: 0 });
  });

  it('calls a second task for the same bought twice, unless the first had failed', () => {
    const [first, second] = [task({}), task({})];
    expect(readTaskFacts([first, second], new Set([second.id]))).toMatchObject({
      boughtTwice: 1,
      lost: 1,
      lostCost: 600,
    });
    const failed = { ...first, code: 40101 };
    expect(readTaskFacts([failed, second], new Set([second.id]))).toMatchObject({
      boughtTwice: 0,
      boughtAfterFailure: 1,
      lost: 0,
    });
  });

  it('leaves out the tasks of others on the account', () => {
    expect(readTaskFacts([task({ foreign: true })], new Set())).toMatchObject({ jobs: 0, cost: 0, lost: 0 });
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
