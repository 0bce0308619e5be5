import { describe, expect, it } from 'vitest';
import type { Intent, Receipt, Submission, Verdict } from '../../src/contracts/journal.ts';
import { auditFacts } from '../../src/ledger/audit.ts';
import type { AuditFacts, ScrapeFacts } from '../../src/ledger/audit-facts.ts';
import { buildRecord } from '../../src/ledger/build-record.ts';

const AT = '2026-11-20T12:00:00.000Z';
const ref = { scrapeId: 'a/1', scraper: 'scrapellm/chatgpt', market: 'US/en', account: 'default' } as const;
const plan = { firstMs: 1, gapMs: 1, wideAfterMs: 1, wideGapMs: 1, retentionMs: 86_400_000 };

function bought(n: number, outcome?: Verdict['outcome'], more: Partial<Submission> = {}): Submission {
  const key = { scrapeId: 'a/1', n, try: 1 };
  const place = { account: 'default', endpoint: 'https://provider.example' };
  const intent: Intent = {
    ...key,
    ...place,
    tag: `tag-${n}`,
    fingerprint: 'f',
    ref,
    request: { scraper: ref.scraper, prompt: 'best lamp', market: ref.market, params: {} },
    bound: { credits: 3 },
    nonce: 'n',
    createdAt: AT,
    sendBy: AT,
    settledBy: AT,
  };
  const receipt: Receipt = {
    ...key,
    ...place,
    taskId: `task-${n}`,
    charge: { credits: 3 },
    submittedAt: AT,
    plan,
  };
  const verdict: Verdict | undefined = outcome && {
    scrapeId: 'a/1',
    n,
    outcome,
    charge: { credits: 3 },
    refundExpected: {},
    at: AT,
  };
  return { scrapeId: 'a/1', n, intent, receipt, verdict, ...more };
}

function scrape(submissions: Submission[], more: Partial<ScrapeFacts> = {}): ScrapeFacts {
  const outcome = submissions.at(-1)?.verdict?.outcome ?? 'unknown';
  const record = buildRecord(ref, submissions, { outcome }, false);
  return { scrapeId: 'a/1', workflow: 'ended', submissions, record, damagedResults: [], ...more };
}

function codesOf(facts: Partial<AuditFacts>): string[] {
  const { findings } = auditFacts({
    nowMs: Date.parse(AT) + 3_600_000,
    scrapes: [],
    accounts: [],
    damaged: [],
    neverStarted: [],
    batches: [],
    ofTag: new Map(),
    wouldBe: new Map(),
    vendor: { familyOf: () => undefined, mayGiveBack: () => ({}) },
    ...facts,
  });
  return findings.map(({ code, charge }) => `${code} ${charge.credits ?? 0}`);
}

describe('a further submission', () => {
  it('has its reason in the failure, or in the doubt, of the one before it', () => {
    expect(codesOf({ scrapes: [scrape([bought(1, 'failed'), bought(2, 'done')])] })).toEqual([]);
    const doubt = { scrapeId: 'a/1', n: 1, message: 'lost', possiblySpent: { credits: 3 }, at: AT };
    const given = bought(1, undefined, { receipt: undefined, unknown: doubt });
    expect(codesOf({ scrapes: [scrape([given, bought(2, 'done')])] })).toEqual([]);
  });

  it('without one is a duplicate, with what it cost', () => {
    expect(codesOf({ scrapes: [scrape([bought(1, 'empty'), bought(2, 'empty')])] })).toEqual(['duplicate 3']);
  });

  it('follows what was taken for absent: shown after all and on record, that is a duplicate once', () => {
    const charge = { credits: 3 };
    const proof = { scrapeId: 'a/1', n: 1, message: 'not bought', possiblySpent: {}, at: AT, absent: true };
    const late = { scrapeId: 'a/1', n: 1, taskId: 'task-late', charge, submittedAt: AT };
    const absent = bought(1, undefined, { receipt: undefined, unknown: proof, duplicates: [late] });
    const row = { tag: 'tag-1', own: true, postedAt: AT, charge, priced: true, ended: true };
    const rows = [{ taskId: 'task-late', ...row }];
    const list = { family: 'serp', fromMs: 0, toMs: Date.parse(AT), complete: true, rows };
    const { account, endpoint } = absent.intent;
    expect(
      codesOf({
        scrapes: [scrape([absent, bought(2, 'done')])],
        accounts: [
          { provider: 'scrapellm', account, endpoint, lists: [list], readyTasks: new Set<string>() },
        ],
        ofTag: new Map([['tag-1', { scrapeId: 'a/1', n: 1 }]]),
      }),
    ).toEqual(['duplicate 3']);
  });
});

describe('money that is lost', () => {
  it('is named where a result expired', () => {
    expect(codesOf({ scrapes: [scrape([bought(1, 'expired')])] })).toEqual(['expired 3']);
  });

  it('is not what is refunded or possibly spent at a provider that tells nothing: that is a note', () => {
    const verdict = { ...bought(1, 'failed').verdict, refundExpected: { credits: 3 } } as Verdict;
    expect(codesOf({ scrapes: [scrape([bought(1, 'failed', { verdict })])] })).toEqual([]);
  });
});

describe('what nobody is at', () => {
  it('is named once it is over, and left alone while it runs', () => {
    const open = { record: undefined };
    expect(codesOf({ scrapes: [scrape([bought(1)], { ...open, workflow: 'running' })] })).toEqual([]);
    expect(codesOf({ scrapes: [scrape([bought(1)], { ...open, workflow: 'terminated' })] })).toEqual([
      'terminated 3',
    ]);
    expect(codesOf({ scrapes: [scrape([bought(1)], { ...open, workflow: 'unasked' })] })).toEqual([]);
    const late = Date.parse(AT) + 2 * plan.retentionMs;
    expect(
      codesOf({ nowMs: late, scrapes: [scrape([bought(1)], { ...open, workflow: 'unasked' })] }),
    ).toEqual(['uncollected 3']);
  });

  it('is a batch that ended from outside, and what cannot be read', () => {
    expect(
      codesOf({ neverStarted: [{ batchId: 'batch/a', scrapes: 4 }], damaged: ['x is damaged'] }),
    ).toEqual(['never-started 0', 'store-damaged 0']);
  });
});
