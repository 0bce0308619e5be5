import { expect, it } from 'vitest';
import { scoreTable } from '../../src/cli/scores.ts';

it('shows success, times and the price of a result, and a dash where there was none', () => {
  const [head = '', good = '', bad = ''] = scoreTable([
    {
      scraper: 'scrapellm/chatgpt',
      n: 1_234,
      success: 0.98765,
      p50Ms: 12_345,
      p95Ms: 60_000,
      costPerResult: { credits: 3.0333 },
    },
    { scraper: 'dataforseo/gemini', n: 1, success: 0, p50Ms: null, p95Ms: null, costPerResult: null },
  ]).split('\n');
  expect(cells(head)).toEqual(['scraper', 'n', 'success', 'p50', 'p95', 'a result costs']);
  expect(cells(good)).toEqual(['scrapellm/chatgpt', '1234', '98.8 %', '12.3 s', '60.0 s', '3.03 credits']);
  expect(cells(bad)).toEqual(['dataforseo/gemini', '1', '0.0 %', '-', '-', '-']);
});

function cells(line: string): string[] {
  return line.trim().split(/ {2,}/);
}
