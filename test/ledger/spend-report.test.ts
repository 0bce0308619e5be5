import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ScrapeRecord } from '../../src/contracts/scrape.ts';
import { readScores } from '../../src/ledger/scoreboard.ts';
import { readSpend } from '../../src/ledger/spend-report.ts';
import { openFileStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { makeFolder, makeRecord, storeErrorOf } from '../store/fixtures.ts';

async function storeWith(records: Array<Partial<ScrapeRecord>>, folder = 'store'): Promise<Store> {
  const store = await openFileStore(join(await makeFolder(), folder), { simulated: true });
  for (const [index, changes] of records.entries()) {
    await store.records.write(makeRecord({ scrapeId: `scrape/${index}`, ...changes }));
  }
  return store;
}

const BOUGHT: Array<Partial<ScrapeRecord>> = [
  { batchId: 'batch/a', label: 'lamps', submittedAt: '2026-11-22T23:59:59.000Z' },
  { batchId: 'batch/a', submittedAt: '2026-11-23T00:00:00.000Z', submissions: 2, charge: { credits: 6 } },
  {
    scraper: 'dataforseo/google-organic',
    account: 'agency',
    submittedAt: '2026-11-23T10:00:00.000Z',
    charge: { usdMicros: 1_200 },
    refundExpected: { usdMicros: 200 },
  },
  {
    outcome: 'unknown',
    submittedAt: undefined,
    begunAt: '2026-11-24T10:00:00.000Z',
    charge: {},
    possiblySpent: { credits: 3 },
  },
  { outcome: 'refused', submittedAt: undefined, submissions: 0, charge: {} },
];

describe('spend', () => {
  it('is summed over everything, both currencies apart, possible charges and expected refunds by themselves', async () => {
    const rows = await readSpend(await storeWith(BOUGHT), { by: [] });
    expect(rows).toEqual([
      {
        group: {},
        scrapes: 5,
        submissions: 5,
        charge: { credits: 9, usdMicros: 1_200 },
        possiblySpent: { credits: 3 },
        refundExpected: { usdMicros: 200 },
      },
    ]);
  });

  it('is grouped by the UTC day of the last purchase, and of one whose answer was lost by the day it was begun', async () => {
    const rows = await readSpend(await storeWith(BOUGHT), { by: ['day', 'provider'] });
    expect(rows.map(({ group, scrapes }) => [group.day, group.provider, scrapes])).toEqual([
      ['2026-11-22', 'scrapellm', 1],
      ['2026-11-23', 'dataforseo', 1],
      ['2026-11-23', 'scrapellm', 1],
      ['2026-11-24', 'scrapellm', 1],
      [null, 'scrapellm', 1],
    ]);
  });

  it.each([
    [
      'batch',
      [
        ['batch/a', 2],
        [null, 3],
      ],
    ],
    [
      'label',
      [
        ['lamps', 1],
        [null, 4],
      ],
    ],
    [
      'account',
      [
        ['agency', 1],
        ['default', 4],
      ],
    ],
    [
      'outcome',
      [
        ['done', 3],
        ['refused', 1],
        ['unknown', 1],
      ],
    ],
  ] as const)('is grouped by %s', async (by, expected) => {
    const rows = await readSpend(await storeWith(BOUGHT), { by: [by] });
    expect(rows.map(({ group, scrapes }) => [group[by], scrapes])).toEqual(expected);
  });

  it('is asked for in part: days with both ends included, and any of several values', async () => {
    const store = await storeWith(BOUGHT);
    const scrapes = async (question: object): Promise<number | undefined> =>
      (await readSpend(store, { by: [], ...question }))[0]?.scrapes;
    expect(await scrapes({ since: '2026-11-23', until: '2026-11-23' })).toBe(2);
    expect(await scrapes({ only: { outcome: ['unknown', 'refused'] } })).toBe(2);
    expect(await scrapes({ only: { batch: ["batch/o'brien"] } })).toBe(0);
    expect(await scrapes({ only: { provider: ['scrapellm'], label: ['lamps'] } })).toBe(1);
  });

  it('of a store without records has no rows', async () => {
    expect(await readSpend(await storeWith([]), { by: ['scraper'] })).toEqual([]);
  });

  it('is read from a folder whose name could be a pattern or end a text', async () => {
    const rows = await readSpend(await storeWith(BOUGHT, "it's [a] store?"), { by: [] });
    expect(rows).toMatchObject([{ scrapes: 5 }]);
  });

  it('names the file of a record that cannot be read instead of leaving its money out', async () => {
    const store = await storeWith(BOUGHT);
    const [key = ''] = await recordFiles(store);
    const whole = await readFile(join(store.location, key), 'utf8');
    await writeFile(join(store.location, key), whole.slice(0, 40));
    const error = await storeErrorOf(readSpend(store, { by: [] }));
    expect(error.kind).toBe('damaged');
    expect(error.message).toContain(key);
  });
});

describe('the scoreboard', () => {
  it('counts what was bought, and divides all that was spent by the results', async () => {
    const store = await storeWith([
      at(1_000),
      at(3_000),
      { ...at(99_000), outcome: 'failed' },
      { outcome: 'unknown', charge: {}, possiblySpent: { credits: 3 } },
      { outcome: 'refused', submissions: 0, charge: {} },
      { outcome: 'cancelled', submissions: 1 },
      { scraper: 'scrapellm/grok', outcome: 'failed' },
    ]);
    expect(await readScores(store)).toEqual([
      {
        scraper: 'scrapellm/chatgpt',
        n: 4,
        success: 0.5,
        p50Ms: 2_000,
        p95Ms: 2_900,
        costPerResult: { credits: 6 },
      },
      { scraper: 'scrapellm/grok', n: 1, success: 0, p50Ms: null, p95Ms: null, costPerResult: null },
    ]);
  });
});

/** Bought at midnight, with a result after so many milliseconds. */
function at(ms: number): Partial<ScrapeRecord> {
  const submittedAt = '2026-11-23T00:00:00.000Z';
  return { submittedAt, readyAt: new Date(Date.parse(submittedAt) + ms).toISOString() };
}

async function recordFiles({ location }: Store): Promise<string[]> {
  const { createFileObjectStore } = await import('../../src/store/file-object-store.ts');
  return createFileObjectStore(location).list('records/');
}
