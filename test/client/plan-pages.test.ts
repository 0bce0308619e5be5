import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_PAGE_BYTES, MAX_PAGE_ROWS } from '../../src/client/plan-pages.ts';
import type { BatchItem } from '../../src/contracts/batch.ts';
import type { StoredPage } from '../../src/store/store.ts';
import { batch, plan } from './plan-support.ts';

describe('pages', () => {
  test('hold at most 500 rows', () => {
    const { manifest, pages } = plan(batch, prompts(501));
    expect(pages.map((page) => page.length)).toEqual([500, 500, 2]);
    expect(manifest).toMatchObject({ pages: 3, total: 1_002 });
  });

  test('hold at most 200 KB of JSON, in bytes', () => {
    const { pages } = plan(batch, prompts(100, '漢'.repeat(4_000)));
    expect(pages.length).toBeGreaterThan(10);
    expect(bytesOf(pages).every((bytes) => bytes <= MAX_PAGE_BYTES)).toBe(true);
    // As full as it can be: one more row would not have fitted.
    const rowBytes = Buffer.byteLength(JSON.stringify(pages[0]?.[0])) + 1;
    expect(
      bytesOf(pages)
        .slice(0, -1)
        .every((bytes) => bytes + rowBytes > MAX_PAGE_BYTES),
    ).toBe(true);
  });

  test('give a row that is larger than a page one of its own', () => {
    const items = [{ prompt: 'a' }, { prompt: 'x'.repeat(300_000) }, { prompt: 'b' }];
    const { pages } = plan({ ...batch, scrapers: ['scrapellm/chatgpt'] }, items);
    expect(pages.map((page) => page.length)).toEqual([1, 1, 1]);
  });

  test('hold every row once and in order, whatever its size', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 150_000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(sizes, (lengths) => {
        const items = lengths.map((length, index) => ({ prompt: 'x'.repeat(length), id: `q${index}` }));
        const { pages } = plan(batch, items);
        expect(pages.flat().map((row) => row.input.item)).toEqual(items.flatMap(({ id }) => [id, id]));
        expect(pages.every((page) => page.length >= 1 && page.length <= MAX_PAGE_ROWS)).toBe(true);
        expect(bytesOf(pages).every((bytes) => bytes <= MAX_PAGE_BYTES)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

function prompts(count: number, text = ''): BatchItem[] {
  return Array.from({ length: count }, (_, index) => ({ prompt: `${index} ${text}` }));
}

function bytesOf(pages: StoredPage[]): number[] {
  return pages.map((page) => Buffer.byteLength(JSON.stringify(page)));
}
