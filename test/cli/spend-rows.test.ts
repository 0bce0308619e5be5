import { describe, expect, it } from 'vitest';
import type { SpendRow } from '../../src/ledger/spend-query.ts';
import { SPEND_COLUMNS, spendCells, spendJson, spendTable } from '../../src/cli/spend-rows.ts';

const row = (scraper: string | null, changes: Partial<SpendRow> = {}): SpendRow => ({
  group: { scraper },
  scrapes: 2,
  submissions: 3,
  charge: { credits: 9 },
  possiblySpent: {},
  refundExpected: {},
  ...changes,
});

describe('spend as a table', () => {
  const rows = [row('scrapellm/chatgpt'), row('dataforseo/chatgpt', { charge: { usdMicros: 4_800 } })];

  it('ends with the sum, and leaves out what there is nothing of', () => {
    const [head = '', , , last = ''] = spendTable(['scraper'], rows).split('\n');
    expect(head.trim().split(/ {2,}/)).toEqual(['scraper', 'scrapes', 'submissions', '$', 'credits']);
    expect(last.trim().split(/ {2,}/)).toEqual(['in all', '4', '6', '$0.0048', '9']);
  });

  it('has one total where it is known what a credit costs', () => {
    expect(spendTable(['scraper'], rows, 0.001)).toMatch(/in all.*\$0\.0138/);
    expect(spendTable(['scraper'], rows)).not.toContain('total');
  });
});

describe('spend for programs', () => {
  it('has as many cells as columns, empty where something is not known', () => {
    const cells = spendCells(row(null, { charge: { usdMicros: 1 }, possiblySpent: { credits: 3 } }));
    expect(cells).toHaveLength(SPEND_COLUMNS.length + 1);
    expect(cells).toEqual(['', '2', '3', '0.000001', '0', '0', '3', '0', '0', '']);
  });

  it('counts what was possibly spent in the total', () => {
    const possibly = row('a', { possiblySpent: { credits: 1 } });
    expect(spendJson(possibly, 0.5)).toMatchObject({ scraper: 'a', totalUsdMicros: 5_000_000 });
    expect(spendJson(possibly)).not.toHaveProperty('totalUsdMicros');
  });
});
