import { describe, expect, it } from 'vitest';
import type { FiledSubmission, Job } from './campaign/evidence.ts';
import { countHits, risksOf } from './campaign/hits.ts';
import { judgeBatch } from './campaign/batch-rules.ts';
import { judgeCap, judgeCeiling, judgePace } from './campaign/money-rules.ts';
import { judgeScrape } from './campaign/rules.ts';
import type { Case } from './campaign/rules.ts';

const HOUR_MS = 3_600_000;
const AT_MS = Date.parse('2026-11-20T10:00:00Z');

function job(id: string, more: Partial<Job> = {}): Job {
  const of = { provider: 'dataforseo', text: 'mk1x000001z', tag: 'abc-1', outcome: 'done' } as const;
  return {
    ...of,
    id,
    createdAtMs: AT_MS,
    charged: { usdMicros: 600 },
    refunded: {},
    withheld: {},
    ledger: {},
    ...more,
  };
}

function submission(n: number, more: Partial<FiledSubmission> = {}): FiledSubmission {
  const of = {
    scrapeId: 's',
    tag: `abc-${n}`,
    begunAtMs: AT_MS,
    endedAtMs: AT_MS + 9_000,
    boughtNothing: false,
    bound: { usdMicros: 600 },
  };
  return { ...of, n, duplicates: [], entries: {}, ...more };
}

const DONE = { outcome: 'done', atMs: AT_MS + 9_000, result: { path: 'results/a', sha256: 'x' } };
const BOUGHT = submission(1, { receipt: { taskId: 'a' }, verdict: DONE });

const PAGE = [{ item_types: ['organic'], items: [{ type: 'organic', title: 'Kettles' }] }];
const body = (id: string, result: unknown = PAGE, code = 20_000): string =>
  JSON.stringify({ tasks: [{ id, status_code: code, result }] });

/** A scrape that was bought once and collected. */
function good(more: Partial<Case> = {}): Case {
  const record = {
    scrapeId: 's',
    outcome: 'done',
    submissions: 1,
    charge: { usdMicros: 600 },
    possiblySpent: {},
    refundExpected: {},
  };
  return {
    mark: 'mk1x000001z',
    scrapeId: 's',
    scraper: 'dataforseo/google-organic',
    batch: 'batch/b',
    policy: { onUnknown: 'fail', maxSubmissions: 2 },
    submissions: [BOUGHT],
    record,
    jobs: [job('a')],
    bodies: new Map([['results/a', body('a')]]),
    delivered: new Map([['a advanced', PAGE]]),
    ...more,
  };
}

function never(): never {
  throw new Error('a good scrape has a record');
}

/** The same, bought a second time as `b`. */
function twice(
  { first = {}, second = {} }: { first?: Partial<FiledSubmission>; second?: Partial<FiledSubmission> },
  withRecord = record({}),
): Case {
  const isFirstBought = Object.keys(first).length === 0;
  const later = { ...DONE, result: { path: 'results/b', sha256: 'y' } };
  return good({
    submissions: [
      isFirstBought ? BOUGHT : submission(1, first),
      submission(2, { receipt: { taskId: 'b' }, verdict: later, ...second }),
    ],
    jobs: [job('a'), job('b', { tag: 'abc-2' })],
    bodies: new Map([
      ['results/a', body('a')],
      ['results/b', body('b')],
    ]),
    delivered: new Map([
      ['a advanced', PAGE],
      ['b advanced', PAGE],
    ]),
    ...(withRecord && { record: withRecord }),
  });
}

const record = (more: object) => ({ ...good().record, ...more }) as Case['record'];
const rulesOf = (one: Case, leaps: Array<{ atMs: number; ms: number }> = []): string[] => [
  ...new Set(judgeScrape(one, leaps).map(({ rule }) => rule)),
];

describe('the checker of the campaign', () => {
  it('has nothing to say of a scrape that was bought once and collected', () => {
    expect(judgeScrape(good(), [])).toEqual([]);
  });

  it('sees what has no outcome', () => {
    const { record: _, ...without } = good();
    expect(rulesOf(without)).toEqual(['no outcome']);
    expect(rulesOf(good({ submissions: [BOUGHT, submission(2)] }))).toContain('no outcome');
  });

  it('sees a second job, whatever the record says', () => {
    const again = twice({});
    expect(rulesOf({ ...again, record: record({ charge: { usdMicros: 1_200 } }) })).toEqual(['bought twice']);
    const counted = record({ charge: { usdMicros: 1_200 }, submissions: 2 });
    expect(rulesOf({ ...again, record: counted })).toEqual(['bought twice']);
  });

  it('allows another purchase after one in doubt only to whom that was asked of', () => {
    const doubted = { unknown: { absent: false, atMs: AT_MS + 10_000 } };
    const money = { charge: { usdMicros: 600 }, possiblySpent: { usdMicros: 600 }, submissions: 2 };
    const blind = twice({ first: doubted, second: { begunAtMs: AT_MS + 11_000 } }, record(money));
    expect(rulesOf(blind)).toEqual(['bought twice']);
    const resubmits = { onUnknown: 'resubmit', maxSubmissions: 2 } as const;
    expect(rulesOf({ ...blind, policy: resubmits })).toEqual([]);
    const [first, second] = blind.submissions;
    const retried = { ...(second ?? BOUGHT), retry: 1 };
    expect(rulesOf({ ...blind, submissions: [first ?? BOUGHT, retried] })).toEqual([]);
    // Before it was given up, nobody may; and no oftener than was asked for.
    const early = [first ?? BOUGHT, { ...(second ?? BOUGHT), begunAtMs: AT_MS + 9_000 }];
    expect(rulesOf({ ...blind, policy: resubmits, submissions: early })).toEqual(['bought twice']);
    expect(rulesOf({ ...blind, policy: { ...resubmits, maxSubmissions: 1 } })).toEqual(['bought twice']);
    // Also where the first one turns out to have bought nothing: nobody knew.
    expect(rulesOf({ ...blind, jobs: [job('b', { tag: 'abc-2' })] })).toEqual(['bought twice']);
  });

  it('allows another purchase after one that expired only to a retry', () => {
    const leaps = [{ atMs: AT_MS + 1_000, ms: 31 * 24 * HOUR_MS }];
    const expired = { receipt: { taskId: 'a' }, verdict: { outcome: 'expired', atMs: AT_MS + 9_000 } };
    const money = record({ charge: { usdMicros: 1_200 }, submissions: 2 });
    const again = twice({ first: expired, second: { begunAtMs: AT_MS + 10_000 } }, money);
    const resubmits = { onUnknown: 'resubmit', maxSubmissions: 2 } as const;
    expect(rulesOf({ ...again, policy: resubmits }, leaps)).toEqual(['bought twice']);
    const retried = twice({ first: expired, second: { begunAtMs: AT_MS + 10_000, retry: 1 } }, money);
    expect(rulesOf(retried, leaps)).toEqual([]);
  });

  it('sees a proof of absence of what was bought', () => {
    const absent = good({
      submissions: [submission(1, { unknown: { absent: true, atMs: AT_MS } })],
      record: record({ outcome: 'failed', charge: {} }),
    });
    expect(rulesOf(absent)).toEqual(['wrong proof of absence', 'lost money']);
  });

  it('sees a result that is not in the store, or is another one', () => {
    expect(rulesOf(good({ bodies: new Map() }))).toEqual(['lost result']);
    const stored = (text: string): string[] => rulesOf(good({ bodies: new Map([['results/a', text]]) }));
    expect(stored(body('c'))).toEqual(['lost result']);
    expect(stored(body('a').slice(0, -8))).toEqual(['lost result']);
    expect(stored(body('a', [{ ...PAGE[0], items: [] }]))).toEqual(['lost result']);
    expect(rulesOf(good({ delivered: new Map() }))).toEqual(['lost result']);
    expect(rulesOf(good({ submissions: [submission(1, { receipt: { taskId: 'a' } })] }))).toContain(
      'lost result',
    );
    const failed = submission(1, { receipt: { taskId: 'a' }, verdict: { ...DONE, outcome: 'failed' } });
    const asFailed = record({ outcome: 'failed' });
    expect(rulesOf(good({ submissions: [failed], record: asFailed }))).toEqual(['lost result']);
  });

  it('believes "empty" only where the provider had nothing, and of ScrapeLLM too', () => {
    const empty = submission(1, { receipt: { taskId: 'a' }, verdict: { ...DONE, outcome: 'empty' } });
    const one = good({ submissions: [empty], record: record({ outcome: 'empty' }) });
    expect(rulesOf(one)).toEqual(['lost result']);
    const { result: _, ...withoutBody } = empty.verdict ?? DONE;
    expect(rulesOf({ ...one, submissions: [{ ...empty, verdict: withoutBody }] })).toEqual(['lost result']);
    const told = (result: unknown, scraper = one.scraper): string[] =>
      rulesOf({
        ...one,
        scraper,
        bodies: new Map([['results/a', body('a', result)]]),
        delivered: new Map([['a advanced', result]]),
      });
    expect(told([null])).toEqual([]);
    expect(told([{ item_types: [], items: null }])).toEqual([]);
    expect(told(null)).toEqual([]);
    expect(told(PAGE, 'dataforseo/google-ai-overview')).toEqual([]);
    const ofJob = (result: object): string[] =>
      rulesOf({
        ...one,
        scraper: 'scrapellm/grok',
        jobs: [job('a', { provider: 'scrapellm', charged: { credits: 3 } })],
        record: record({ outcome: 'empty', charge: { credits: 3 } }),
        bodies: new Map([['results/a', JSON.stringify({ job_id: 'a', result })]]),
        delivered: new Map([['a advanced', result]]),
      });
    expect(ofJob({ result: '', result_markdown: '' })).toEqual([]);
    expect(ofJob({ result: 'Kettles', result_markdown: '' })).toEqual(['lost result']);
  });

  it('sees a form of a result that is missing or damaged', () => {
    const forms = [{ variant: 'html', path: 'results/h', sha256: 'y' }];
    const verdict = { ...DONE, result: { ...DONE.result, variants: forms } };
    const both = submission(1, { receipt: { taskId: 'a', variants: ['advanced', 'html'] }, verdict });
    const html = [{ items: [{ type: 'html', html: '<p>' }] }];
    const stored = new Map([...good().bodies, ['results/h', body('a', html)]]);
    const delivered = new Map([...good().delivered, ['a html', html]]);
    const one = good({ submissions: [both], bodies: stored, delivered });
    expect(rulesOf(one)).toEqual([]);
    expect(rulesOf({ ...one, bodies: good().bodies })).toEqual(['lost result']);
    const without = { ...both, verdict: DONE };
    expect(rulesOf({ ...one, submissions: [without] })).toEqual(['lost result']);
    // A day later the provider may not have it any more.
    expect(rulesOf({ ...one, submissions: [without] }, [{ atMs: AT_MS, ms: 25 * HOUR_MS }])).toEqual([]);
  });

  it('sees a result of a job that failed, or never ended', () => {
    for (const outcome of ['failed', 'pending'])
      expect(rulesOf(good({ jobs: [job('a', { outcome })] }))).toContain('made up');
  });

  it('sees a record that says another outcome than the submissions', () => {
    expect(rulesOf(good({ record: record({ outcome: 'cancelled' }) }))).toEqual(['made up']);
    expect(rulesOf(good({ record: record({ outcome: 'empty' }) }))).toEqual(['made up']);
  });

  it('believes "expired" only if the provider’s time has passed', () => {
    const expired = submission(1, {
      receipt: { taskId: 'a' },
      verdict: { outcome: 'expired', atMs: AT_MS + 9_000 },
    });
    const one = good({ submissions: [expired], record: record({ outcome: 'expired' }) });
    expect(rulesOf(one)).toEqual(['lost result']);
    expect(rulesOf(one, [{ atMs: AT_MS + 1_000, ms: 31 * 24 * HOUR_MS }])).toEqual([]);
    expect(rulesOf(one, [{ atMs: AT_MS + 10_000, ms: 31 * 24 * HOUR_MS }])).toEqual(['lost result']);
  });

  it('lets a price be less what was given back only where a list was all that was ever seen of it', () => {
    const jobs = [job('a', { charged: { usdMicros: 1_200 }, refunded: { usdMicros: 600 } })];
    const listed = { taskId: 'a', listedAtEnd: true };
    const expired = { outcome: 'expired', atMs: AT_MS + 31 * 24 * HOUR_MS };
    const never = submission(1, { receipt: listed, verdict: expired });
    expect(rulesOf(good({ jobs, submissions: [never], record: record({ outcome: 'expired' }) }))).toEqual([]);
    const collected = submission(1, { receipt: listed, verdict: DONE });
    const expects = record({ refundExpected: { usdMicros: 600 } });
    expect(rulesOf(good({ jobs, submissions: [collected], record: expects }))).toEqual(['lost money']);
    const empty = submission(1, { receipt: listed, verdict: { ...DONE, outcome: 'empty' } });
    const rulesOfEmpty = (result: unknown, refundExpected: object): string[] =>
      rulesOf(
        good({
          jobs,
          bodies: new Map([['results/a', body('a', result)]]),
          delivered: new Map([['a advanced', result]]),
          submissions: [empty],
          record: record({ outcome: 'empty', refundExpected }),
        }),
      );
    expect(rulesOfEmpty(null, {})).toEqual([]);
    expect(rulesOfEmpty([null], {})).toEqual([]);
    expect(rulesOfEmpty([{ item_types: ['organic'] }], { usdMicros: 600 })).toEqual(['lost money']);
    const told = submission(1, { receipt: { taskId: 'a' }, verdict: expired });
    expect(rulesOf(good({ jobs, submissions: [told], record: record({ outcome: 'expired' }) }))).toEqual([
      'lost money',
    ]);
  });

  it('sees money that no record names, and money that nobody took', () => {
    expect(rulesOf(good({ record: record({ charge: { usdMicros: 599 } }) }))).toEqual(['lost money']);
    expect(rulesOf(good({ record: record({ charge: { usdMicros: 601 } }) }))).toEqual(['made up']);
    const nobody = submission(1, { boughtNothing: true });
    const refused = record({ outcome: 'failed', charge: {}, possiblySpent: { usdMicros: 600 } });
    expect(rulesOf(good({ submissions: [nobody], record: refused }))).toContain('lost money');
    expect(rulesOf(good({ jobs: [] }))).toContain('made up');
  });

  it('sees a possible charge that no submission explains, and one that is not named', () => {
    expect(rulesOf(good({ record: record({ possiblySpent: { usdMicros: 600 } }) }))).toEqual(['made up']);
    const doubted = submission(1, { unknown: { absent: false, atMs: AT_MS } });
    const unknown = (usdMicros: number): string[] =>
      rulesOf(
        good({
          submissions: [doubted],
          jobs: [],
          record: record({ outcome: 'unknown', charge: {}, possiblySpent: { usdMicros } }),
        }),
      );
    expect(unknown(600)).toEqual([]);
    expect(unknown(601)).toEqual(['made up']);
    expect(unknown(599)).toEqual(['made up']);
  });

  it('sees a refund that is not due, and one that is due and not expected', () => {
    const expects = record({ refundExpected: { usdMicros: 600 } });
    expect(rulesOf(good({ record: expects }))).toEqual(['made up']);
    const due = [job('a', { withheld: { usdMicros: 600 } })];
    expect(rulesOf(good({ jobs: due, record: expects }))).toEqual([]);
    expect(rulesOf(good({ jobs: due }))).toEqual(['lost money']);
    const failed = submission(1, { receipt: { taskId: 'a' }, verdict: { outcome: 'failed', atMs: AT_MS } });
    const ofFailed = (refundExpected: object): string[] =>
      rulesOf(
        good({
          submissions: [failed],
          jobs: [
            job('a', {
              provider: 'scrapellm',
              outcome: 'failed',
              charged: { credits: 3 },
              refunded: { credits: 3 },
            }),
          ],
          record: record({ outcome: 'failed', charge: { credits: 3 }, refundExpected }),
        }),
      );
    expect(ofFailed({ credits: 3 })).toEqual([]);
    expect(ofFailed({})).toEqual(['lost money']);
  });

  it('sees an end in Temporal that is not the record’s, by outcome or by money', () => {
    expect(rulesOf(good({ returned: record({}) }))).toEqual([]);
    expect(rulesOf(good({ returned: record({ outcome: 'failed' }) }))).toEqual(['Temporal differs']);
    expect(rulesOf(good({ returned: record({ charge: {} }) }))).toEqual(['Temporal differs']);
  });

  it('sees a batch whose record does not add up to those of its scrapes', () => {
    const records = ['s', 't'].map((scrapeId) => ({ ...(good().record ?? never()), scrapeId }));
    const batch = {
      total: 2,
      counts: { done: 2, failed: 0, open: 0 },
      charge: { usdMicros: 1_200 },
      possiblySpent: {},
      refundExpected: {},
    };
    const differs = (more: object, aside: string[] = []): number =>
      judgeBatch({ ...batch, ...more }, records, new Set(aside)).length;
    expect(differs({})).toBe(0);
    expect(differs({ charge: { usdMicros: 1_199 } })).toBe(1);
    expect(differs({ refundExpected: { credits: 3 } })).toBe(1);
    expect(differs({ counts: { done: 1, failed: 1 } })).toBeGreaterThan(0);
    expect(differs({ counts: { done: 1, open: 1 } })).toBeGreaterThan(0);
    expect(differs({ total: 3, counts: { done: 3 } })).toBeGreaterThan(0);
    // What became of `t` after somebody had ended it, its batch does not know; of `s` it does.
    const cancelled = { counts: { done: 1, cancelled: 1 }, charge: { usdMicros: 600 } };
    expect(differs(cancelled)).toBeGreaterThan(0);
    expect(differs(cancelled, ['t'])).toBe(0);
    expect(differs({ ...cancelled, charge: { usdMicros: 599 } }, ['t'])).toBe(1);
  });

  it('sees a purchase beyond what one may cost', () => {
    expect(rulesOf(good({ limit: { usdMicros: 600 } }))).toEqual([]);
    expect(rulesOf(good({ limit: { usdMicros: 599 } }))).toEqual(['overshoot']);
  });

  it('lets a price be less what came back for pages only where a list was all that was seen of it', () => {
    const jobs = [job('a', { charged: { usdMicros: 1_200 }, refunded: { usdMicros: 600 } })];
    const receipt = { taskId: 'a', listedAtEnd: true };
    const one = good({ jobs, submissions: [submission(1, { receipt, verdict: DONE })] });
    expect(rulesOf({ ...one, params: { depth: 20 } })).toEqual([]);
    const { listedAtEnd: _, ...told } = receipt;
    const untold = [submission(1, { receipt: told, verdict: DONE })];
    expect(rulesOf({ ...one, params: { depth: 20 }, submissions: untold })).toEqual(['lost money']);
  });

  it('sees what was taken beyond an account’s cap, or past its log', () => {
    const jobs = [job('a'), job('b', { refunded: { usdMicros: 100 } })];
    expect(judgeCap({ usdMicros: 1_200 }, { usdMicros: 1_100 }, jobs)).toEqual([]);
    expect(judgeCap({ usdMicros: 1_199 }, { usdMicros: 1_100 }, jobs)).toMatchObject([{ rule: 'overshoot' }]);
    expect(judgeCap({ usdMicros: 1_200 }, { usdMicros: 1_099 }, jobs)).toMatchObject([{ rule: 'overshoot' }]);
  });

  it('sees more purchases in a minute than a queue lets through', () => {
    expect(judgePace(611, { rate: 10, starts: 0 })).toEqual([]);
    expect(judgePace(612, { rate: 10, starts: 0 })).toMatchObject([{ rule: 'limit' }]);
    expect(judgePace(612, { rate: 10, starts: 1 })).toEqual([]);
  });

  it('sees what was taken beyond a ceiling, in each currency', () => {
    const jobs = [job('a'), job('b', { charged: { credits: 3 } })];
    expect(judgeCeiling({ usdMicros: 600, credits: 3 }, jobs)).toEqual([]);
    expect(judgeCeiling({ usdMicros: 599 }, jobs)).toMatchObject([{ rule: 'overshoot' }]);
    expect(judgeCeiling({ credits: 2 }, jobs)).toMatchObject([{ rule: 'overshoot' }]);
  });
});

describe('a fault', () => {
  const [scraper, mark] = ['dataforseo/google-organic', 'mk1x000001z'];
  const risks = risksOf({ mark, scraper }, [BOUGHT]);
  const count = (fault: object) =>
    countHits([{ atMs: AT_MS + 1, kind: 'kill', ...fault }], risks, new Map([['a', mark]]))['kill'];

  it('counts if it fell between an intent and its end', () => {
    const everybody = true;
    expect(count({ everybody })).toEqual({ made: 1, hit: 1, scrapes: 1 });
    expect(count({ everybody, atMs: AT_MS - 1 })).toEqual({ made: 1, hit: 0, scrapes: 0 });
    expect(count({ everybody, atMs: AT_MS + 9_001 })).toEqual({ made: 1, hit: 0, scrapes: 0 });
  });

  it('that was aimed at a scrape counts if it was at risk, not if another one was', () => {
    expect(count({ marks: ['mk1x000002z'] })).toMatchObject({ hit: 0 });
    expect(count({ marks: [mark] })).toMatchObject({ hit: 1 });
    expect(count({ marks: [mark], ids: ['a'] })).toMatchObject({ hit: 1, scrapes: 1 });
    expect(count({ ids: ['a'] })).toMatchObject({ hit: 1 });
    expect(count({ ids: ['b'] })).toMatchObject({ hit: 0 });
  });

  it('that was aimed at nothing known hits nothing, and one on a list those who wait for it', () => {
    expect(count({})).toEqual({ made: 1, hit: 0, scrapes: 0 });
    expect(count({ marks: [], ids: [] })).toMatchObject({ hit: 0 });
    expect(count({ provider: 'dataforseo' })).toMatchObject({ hit: 1 });
    expect(count({ provider: 'scrapellm' })).toMatchObject({ hit: 0 });
  });
});
