import { describe, expect, it } from 'vitest';
import { judgeBatch } from './campaign/batch-rules.ts';
import { judgeCap, judgeCeiling, judgePace } from './campaign/money-rules.ts';
import { AT_MS, DONE, HOUR_MS, body, good, job, record, rulesOf, submission } from './good-case.ts';

describe('the checker of the campaign, of money,', () => {
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

  it('sees a batch whose record does not add up to those of its scrapes', () => {
    const records = ['s', 't'].flatMap((scrapeId) => record({ scrapeId }) ?? []);
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
