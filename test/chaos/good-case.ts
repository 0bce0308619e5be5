import type { FiledSubmission, Job } from './campaign/evidence.ts';
import { judgeScrape } from './campaign/rules.ts';
import type { Case } from './campaign/rules.ts';

// A scrape that was bought once and collected, as the checker of the campaign sees it, to be broken in one way after another.

export const HOUR_MS = 3_600_000;
export const AT_MS = Date.parse('2026-11-20T10:00:00Z');

export function job(id: string, more: Partial<Job> = {}): Job {
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

export function submission(n: number, more: Partial<FiledSubmission> = {}): FiledSubmission {
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

export const DONE = { outcome: 'done', atMs: AT_MS + 9_000, result: { path: 'results/a', sha256: 'x' } };
export const BOUGHT = submission(1, { receipt: { taskId: 'a' }, verdict: DONE });

export const PAGE = [{ item_types: ['organic'], items: [{ type: 'organic', title: 'Kettles' }] }];
export const body = (id: string, result: unknown = PAGE, code = 20_000): string =>
  JSON.stringify({ tasks: [{ id, status_code: code, result }] });

/** A scrape that was bought once and collected. */
export function good(more: Partial<Case> = {}): Case {
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

/** The same, bought a second time as `b`. */
export function twice(
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

export const record = (more: object) => ({ ...good().record, ...more }) as Case['record'];
export const rulesOf = (one: Case, leaps: Array<{ atMs: number; ms: number }> = []): string[] => [
  ...new Set(judgeScrape(one, leaps).map(({ rule }) => rule)),
];
