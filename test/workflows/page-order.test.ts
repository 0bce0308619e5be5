import { array, assert, constantFrom, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PageGroups } from '../../src/contracts/page-purchase.ts';
import type { ScrapeInput } from '../../src/contracts/scrape.ts';
import { pageOrder } from '../../src/workflows/page-order.ts';

const GROUPS: PageGroups = {
  'dataforseo/google-images': { group: 'dataforseo/serp/google/images', maxTasks: 100 },
  'dataforseo/google-organic': { group: 'dataforseo/serp/google/organic', maxTasks: 100 },
  'dataforseo/google-ai-overview': { group: 'dataforseo/serp/google/organic', maxTasks: 100 },
};

const IMAGES = 'dataforseo/google-images';
const ORGANIC = 'dataforseo/google-organic';
const OVERVIEW = 'dataforseo/google-ai-overview';
const CHATGPT = 'scrapellm/chatgpt';

describe('the order of a partition', () => {
  it('stays as it is where nothing is bought by the page', () => {
    const rows = rowsOf([CHATGPT, 2], ['scrapellm/grok', 1], [CHATGPT, 1]);
    const order = pageOrder(rows, undefined, 100);
    expect(order.rows).toEqual(rows);
    expect(order.kindOf(input(CHATGPT))).toBeUndefined();
  });

  it('gives every group its turn, a page each, so that none waits for another one to be through', () => {
    const rows = rowsOf([IMAGES, 5], [ORGANIC, 3], [CHATGPT, 3]);
    const { rows: ordered } = pageOrder(rows, GROUPS, 6);
    expect(ordered.map((row) => row.input.scraper)).toEqual(
      [
        [IMAGES, IMAGES, ORGANIC, ORGANIC, CHATGPT, CHATGPT],
        [IMAGES, IMAGES, ORGANIC, CHATGPT, IMAGES],
      ].flat(),
    );
  });

  it('puts scrapers that share a call into one group, and accounts into groups of their own', () => {
    const { kindOf } = pageOrder(rowsOf([ORGANIC, 1], [OVERVIEW, 1]), GROUPS, 50);
    expect(kindOf(input(OVERVIEW))).toEqual(kindOf(input(ORGANIC)));
    expect(kindOf(input(ORGANIC, 'other'))?.key).not.toBe(kindOf(input(ORGANIC))?.key);
  });

  it('makes no page larger than the call, the window, or the group’s share of it', () => {
    expect(pageOrder(rowsOf([IMAGES, 500]), GROUPS, 2_000).kindOf(input(IMAGES))?.size).toBe(100);
    expect(pageOrder(rowsOf([IMAGES, 500]), GROUPS, 40).kindOf(input(IMAGES))?.size).toBe(40);
    const shared = rowsOf([IMAGES, 10], [ORGANIC, 10], [CHATGPT, 10]);
    expect(pageOrder(shared, GROUPS, 100).kindOf(input(IMAGES))?.size).toBe(33);
  });

  it('buys by itself what has no room for a second one', () => {
    expect(pageOrder(rowsOf([IMAGES, 10]), GROUPS, 1).kindOf(input(IMAGES))).toBeUndefined();
  });

  it('loses no row, doubles none, and keeps the order within a group', () => {
    const scraper = constantFrom(IMAGES, ORGANIC, OVERVIEW, CHATGPT);
    assert(
      property(array(scraper, { maxLength: 60 }), integer({ min: 1, max: 30 }), (names, window) => {
        const rows = names.map((name, index) => ({ index, input: input(name) }));
        const { rows: ordered, kindOf } = pageOrder(rows, GROUPS, window);
        expect(new Set(ordered)).toEqual(new Set(rows));
        expect(ordered).toHaveLength(rows.length);
        const lastOf = new Map<string | undefined, number>();
        for (const { index, input: row } of ordered) {
          const key = GROUPS[row.scraper]?.group;
          expect(index).toBeGreaterThan(lastOf.get(key) ?? -1);
          lastOf.set(key, index);
          expect(kindOf(row)?.size ?? 1).toBeLessThanOrEqual(window);
        }
      }),
    );
  });
});

function rowsOf(...counts: Array<[scraper: string, count: number]>): Array<{ input: ScrapeInput }> {
  return counts.flatMap(([scraper, count]) =>
    Array.from({ length: count }, () => ({ input: input(scraper) })),
  );
}

function input(scraper: string, account?: string): ScrapeInput {
  return { scraper, prompt: 'red kettle', ...(account !== undefined && { account }) };
}
