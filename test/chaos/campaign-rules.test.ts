import { describe, expect, it } from 'vitest';
import { judgeScrape } from './campaign/rules.ts';
import {
  AT_MS,
  BOUGHT,
  DONE,
  HOUR_MS,
  PAGE,
  body,
  good,
  job,
  record,
  rulesOf,
  submission,
  twice,
} from './good-case.ts';

function rulesOfStored(text: string): string[] {
  return rulesOf(good({ bodies: new Map([['results/a', text]]) }));
}

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
    expect(rulesOfStored(body('c'))).toEqual(['lost result']);
    expect(rulesOfStored(body('a').slice(0, -8))).toEqual(['lost result']);
    expect(rulesOfStored(body('a', [{ ...PAGE[0], items: [] }]))).toEqual(['lost result']);
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

  it('sees an end in Temporal that is not the record’s, by outcome or by money', () => {
    expect(rulesOf(good({ returned: record({}) }))).toEqual([]);
    expect(rulesOf(good({ returned: record({ outcome: 'failed' }) }))).toEqual(['Temporal differs']);
    expect(rulesOf(good({ returned: record({ charge: {} }) }))).toEqual(['Temporal differs']);
  });
});
