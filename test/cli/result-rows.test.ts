import { expect, it } from 'vitest';
import { RESULT_COLUMNS, toResultRow } from '../../src/cli/result-rows.ts';
import { describeAnswer } from '../../src/cli/show-scrape.ts';
import type { Answer } from '../../src/contracts/answer.ts';
import type { ScrapeRecord } from '../../src/contracts/scrape.ts';

const record: ScrapeRecord = {
  scrapeId: 'trial/1',
  scraper: 'dataforseo/google-organic',
  market: 'US/en',
  account: 'default',
  outcome: 'done',
  submissions: 1,
  charge: { usdMicros: 1_050 },
  possiblySpent: {},
  refundExpected: {},
  simulated: true,
};
const answer: Answer = {
  scraper: 'dataforseo/google-organic',
  prompt: 'desk lamp',
  market: 'US/en',
  params: {},
  text: '',
  citations: null,
  fanOutQueries: null,
  followUps: null,
  products: null,
  ranks: Array.from({ length: 22 }, (_, index) => ({
    rank: index + 1,
    type: index === 1 ? 'related_searches' : 'organic',
    ...(index !== 1 && { url: `https://a.example/${index + 1}`, title: `Lamp\u001b ${index + 1}` }),
  })),
  model: null,
  cached: null,
  charge: { usdMicros: 1_050 },
};

it('a row of results has dollars and the addresses that a page lists', () => {
  const row = toResultRow({ record, answer });
  expect(row).toHaveLength(RESULT_COLUMNS.length);
  const cells = Object.fromEntries(RESULT_COLUMNS.map((column, index) => [column, row[index]]));
  expect(cells).toMatchObject({ credits: '0', usd: '0.00105', possiblySpentUsd: '0' });
  expect(cells['ranks']?.split(' ').slice(0, 2)).toEqual(['https://a.example/1', 'https://a.example/3']);
});

it('an answer for people has the list of a page, cut, without control characters', () => {
  const lines = describeAnswer(answer);
  expect(lines.slice(-22, -18)).toEqual([
    'lists:',
    '  1. organic · Lamp 1 — https://a.example/1',
    '  2. related_searches',
    '  3. organic · Lamp 3 — https://a.example/3',
  ]);
  expect(lines.at(-1)).toBe('  and 2 more');
});
