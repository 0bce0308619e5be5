import { describe, expect, it } from 'vitest';
import type { FiledSubmission, Job } from './campaign/evidence.ts';
import { countHits, risksOf } from './campaign/hits.ts';
import { judgeCeiling, judgeScrape } from './campaign/rules.ts';
import type { Case } from './campaign/rules.ts';

const HOUR_MS = 3_600_000;
const AT_MS = Date.parse('2026-11-20T10:00:00Z');

function job(id: string, more: Partial<Job> = {}): Job {
  const of = { provider: 'dataforseo', text: 'mk1x000001z', tag: 'abc-1', outcome: 'done' } as const;
  return { ...of, id, createdAtMs: AT_MS, charged: { usdMicros: 600 }, refunded: {}, ledger: {}, ...more };
}

function submission(n: number, more: Partial<FiledSubmission> = {}): FiledSubmission {
  const of = {
    scrapeId: 's',
    tag: `abc-${n}`,
    begunAtMs: AT_MS,
    endedAtMs: AT_MS + 9_000,
    boughtNothing: false,
  };
  return { ...of, n, duplicates: [], entries: {}, ...more };
}

const DONE = { outcome: 'done', atMs: AT_MS + 9_000, result: { path: 'results/a', sha256: 'x' } };
const BOUGHT = submission(1, { receipt: { taskId: 'a' }, verdict: DONE });

/** A scrape that was bought once and collected. */
function good(more: Partial<Case> = {}): Case {
  const record = {
    scrapeId: 's',
    outcome: 'done',
    submissions: 1,
    charge: { usdMicros: 600 },
    possiblySpent: {},
  };
  return {
    mark: 'mk1x000001z',
    scrapeId: 's',
    batch: 'batch/b',
    submissions: [BOUGHT],
    record,
    jobs: [job('a')],
    bodies: new Map([['results/a', '{"id":"a"}']]),
    ...more,
  };
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
    expect(rulesOf(good({ submissions: [BOUGHT, submission(2)] }))).toEqual(['no outcome']);
  });

  it('sees a second job, whatever the record says', () => {
    const again = good({
      submissions: [BOUGHT, submission(2, { receipt: { taskId: 'b' }, verdict: DONE })],
      jobs: [job('a'), job('b')],
      bodies: new Map([['results/a', 'a b']]),
    });
    expect(rulesOf({ ...again, record: record({ charge: { usdMicros: 1_200 } }) })).toEqual(['bought twice']);
    const counted = record({ charge: { usdMicros: 1_200 }, submissions: 2 });
    expect(rulesOf({ ...again, record: counted })).toEqual(['bought twice']);
    // Nobody knew what became of the first one, and it was allowed to be bought again.
    const doubted = submission(1, { unknown: { absent: false } });
    const allowed = { ...again, submissions: [doubted, ...again.submissions.slice(1)] };
    const blind = record({ charge: { usdMicros: 600 }, possiblySpent: { usdMicros: 600 }, submissions: 2 });
    expect(rulesOf({ ...allowed, record: blind })).toEqual([]);
  });

  it('sees a proof of absence of what was bought', () => {
    const absent = good({
      submissions: [submission(1, { unknown: { absent: true } })],
      record: record({ outcome: 'failed', charge: {} }),
    });
    expect(rulesOf(absent)).toEqual(['wrong proof of absence', 'lost money']);
  });

  it('sees a result that is not in the store, or is another one', () => {
    expect(rulesOf(good({ bodies: new Map() }))).toEqual(['lost result']);
    expect(rulesOf(good({ bodies: new Map([['results/a', '{"id":"c"}']]) }))).toEqual(['lost result']);
    expect(rulesOf(good({ submissions: [submission(1, { receipt: { taskId: 'a' } })] }))).toEqual([
      'lost result',
    ]);
    const failed = submission(1, { receipt: { taskId: 'a' }, verdict: { ...DONE, outcome: 'failed' } });
    expect(rulesOf(good({ submissions: [failed] }))).toEqual(['lost result']);
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
    expect(rulesOf(good({ jobs, submissions: [submission(1, { receipt: listed, verdict: DONE })] }))).toEqual(
      ['lost money'],
    );
    const empty = submission(1, { receipt: listed, verdict: { ...DONE, outcome: 'empty' } });
    const rulesOfEmpty = (result: unknown): string[] => {
      const bodies = new Map([
        ['results/a', JSON.stringify({ tasks: [{ id: 'a', status_code: 20_000, result }] })],
      ]);
      return rulesOf(good({ jobs, bodies, submissions: [empty], record: record({ outcome: 'empty' }) }));
    };
    expect(rulesOfEmpty(null)).toEqual([]);
    expect(rulesOfEmpty([{ item_types: ['organic'] }])).toEqual(['lost money']);
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

  it('sees an answer of Temporal that is not the record’s', () => {
    expect(rulesOf(good({ returned: record({ outcome: 'failed' }) }))).toEqual(['Temporal differs']);
  });

  it('sees what was taken beyond a ceiling, in each currency', () => {
    const jobs = [job('a'), job('b', { charged: { credits: 3 } })];
    expect(judgeCeiling({ usdMicros: 600, credits: 3 }, jobs)).toEqual([]);
    expect(judgeCeiling({ usdMicros: 599 }, jobs)).toMatchObject([{ rule: 'overshoot' }]);
    expect(judgeCeiling({ credits: 2 }, jobs)).toMatchObject([{ rule: 'overshoot' }]);
  });
});

describe('a fault', () => {
  const risks = risksOf('mk1x000001z', [BOUGHT]);
  const count = (fault: object) =>
    countHits([{ atMs: AT_MS + 1, kind: 'kill', ...fault }], risks, new Map([['a', 'mk1x000001z']]))['kill'];

  it('counts if it fell between an intent and its end', () => {
    expect(count({})).toEqual({ made: 1, hit: 1, scrapes: 1 });
    expect(count({ atMs: AT_MS - 1 })).toEqual({ made: 1, hit: 0, scrapes: 0 });
    expect(count({ atMs: AT_MS + 9_001 })).toEqual({ made: 1, hit: 0, scrapes: 0 });
  });

  it('that was aimed at a scrape counts if it was at risk, not if another one was', () => {
    expect(count({ marks: ['mk1x000002z'] })).toMatchObject({ hit: 0 });
    expect(count({ marks: ['mk1x000001z'] })).toMatchObject({ hit: 1 });
    expect(count({ ids: ['a'] })).toMatchObject({ hit: 1 });
    expect(count({ ids: ['b'] })).toMatchObject({ hit: 0 });
  });
});
