import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BatchInput, BatchItem } from '../../src/contracts/batch.ts';
import { parseScrapeInput } from '../../src/contracts/schemas/scrape-input.ts';
import { batch, deps, plan, problems, rows } from './plan-support.ts';

describe('planBatch', () => {
  test('lays out every prompt by item, then sample, then scraper', () => {
    const { manifest, pages } = plan({ ...batch, samples: 2 }, [
      { prompt: 'a', id: 'q1' },
      { prompt: 'b', id: 'q2' },
    ]);
    expect(pages.flat().map((row) => row.scrapeId)).toEqual([
      'batch/demo/q1/scrapellm/chatgpt/1',
      'batch/demo/q1/scrapellm/perplexity/1',
      'batch/demo/q1/scrapellm/chatgpt/2',
      'batch/demo/q1/scrapellm/perplexity/2',
      'batch/demo/q2/scrapellm/chatgpt/1',
      'batch/demo/q2/scrapellm/perplexity/1',
      'batch/demo/q2/scrapellm/chatgpt/2',
      'batch/demo/q2/scrapellm/perplexity/2',
    ]);
    expect(manifest).toMatchObject({
      batchId: 'batch/demo',
      createdAt: '2026-11-16T12:00:00.000Z',
      simulated: true,
      pages: 1,
      total: 8,
      bound: { credits: 24 },
    });
  });

  test('writes a row as the whole input of one scrape, and nothing that is not set', () => {
    const input: BatchInput = {
      ...batch,
      scrapers: ['scrapellm/rufus'],
      market: 'de',
      label: 'all',
      account: 'emea',
      maxSubmissions: 1,
      onUnknown: 'resubmit',
      maxCredits: 9,
      window: 5,
    };
    const [labelled, plain] = rows(input, [
      { prompt: 'a', id: 'q1', label: 'own', market: 'US/EN' },
      { prompt: 'b', id: 'q2' },
    ]);
    const policy = {
      account: 'emea',
      maxSubmissions: 1,
      onUnknown: 'resubmit',
      batchId: 'batch/demo',
      sample: 1,
      scraper: 'scrapellm/amazon-rufus',
    };
    expect(labelled?.input).toStrictEqual({
      ...policy,
      prompt: 'a',
      market: 'US/en',
      label: 'own',
      item: 'q1',
    });
    expect(plain?.input).toStrictEqual({ ...policy, prompt: 'b', market: 'DE', label: 'all', item: 'q2' });
    expect(parseScrapeInput(labelled?.input)).toEqual({ ok: true, input: labelled?.input });
    const [bare] = rows({ name: 'x', scrapers: ['scrapellm/rufus'] }, [{ prompt: 'a', id: 'q' }]);
    expect(Object.keys(bare?.input ?? {})).toEqual([
      'scraper',
      'prompt',
      'market',
      'batchId',
      'item',
      'sample',
    ]);
  });

  test('prefers the scrapers and parameters of an item to those of the batch', () => {
    const mixed: BatchInput = {
      ...batch,
      scrapers: ['scrapellm/chatgpt', 'scrapellm/grok'],
      params: { timeout: 10, mode: 'true' },
    };
    expect(
      rows(mixed, [{ prompt: 'a', params: { timeout: 20 } }]).map((row) => [
        row.input.scraper,
        row.input.params,
      ]),
    ).toEqual([
      ['scrapellm/chatgpt', { timeout: 20 }],
      ['scrapellm/grok', { mode: 'true' }],
    ]);
    const twice = { prompt: 'a', scrapers: ['scrapellm/grok', 'ScrapeLLM/Grok'] };
    expect(rows(batch, [twice]).map((row) => [row.input.scraper, row.bound])).toEqual([
      ['scrapellm/grok', { credits: 5, usdMicros: 7 }],
    ]);
  });

  test('bypasses the cache where samples are asked, unless somebody decided otherwise', () => {
    expect(paramsOf(batch)).toEqual([undefined, undefined]);
    expect(paramsOf({ ...batch, samples: 2 }).slice(0, 2)).toEqual([{ bypass_cache: true }, undefined]);
    expect(paramsOf({ ...batch, samples: 2, params: { bypass_cache: false } }).slice(0, 2)).toEqual([
      { bypass_cache: false },
      undefined,
    ]);
  });

  test('gives a prompt without id the same one in every release', () => {
    expect(rows(batch, [{ prompt: 'Which lamp?' }])[0]?.input.item).toBe('b033b6f6506e');
  });

  test('gives equal prompts different ids, and keeps them when other prompts come or go', () => {
    const [first, second, ...rest] = itemIds([
      { prompt: 'a' },
      { prompt: 'a' },
      { prompt: 'a', market: 'DE' },
      { prompt: 'a', params: { timeout: 20 } },
    ]);
    expect(new Set([first, second, ...rest]).size).toBe(4);
    expect(itemIds([{ prompt: 'new' }, { prompt: 'a', market: 'us/EN' }, { prompt: 'a' }]).slice(1)).toEqual([
      first,
      second,
    ]);
  });

  test('has one id for every scrape, of any items', () => {
    const item = fc.record({
      prompt: fc.constantFrom('a', 'b', 'c'),
      market: fc.option(fc.constantFrom('DE', 'US'), { nil: undefined }),
    });
    fc.assert(
      fc.property(
        fc.array(item, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 4 }),
        (items, samples) => {
          const ids = rows({ ...batch, samples }, items).map((row) => row.scrapeId);
          expect(new Set(ids).size).toBe(items.length * samples * 2);
          expect(rows({ ...batch, samples }, items).map((row) => row.scrapeId)).toEqual(ids);
        },
      ),
    );
  });

  test('keeps ids far below the 1,000 bytes that Temporal takes', () => {
    const long = 'x'.repeat(100);
    const [row] = rows({ ...batch, name: long, samples: 100 }, [{ prompt: 'a', id: long }]).slice(-1);
    expect(row?.scrapeId.length).toBeLessThan(260);
  });
});

describe('problems of a batch', () => {
  test.each<[string, Partial<BatchInput>, BatchItem[], string[]]>([
    ['no prompts', {}, [], ['prompts: must hold at least one prompt']],
    [
      'no scrapers',
      { scrapers: undefined },
      [{ prompt: 'a', scrapers: ['scrapellm/grok'] }, { prompt: 'b' }],
      ['prompts[1], scrapers: must be given, for the batch or for this prompt'],
    ],
    [
      'a parameter that none of the scrapers has',
      { params: { mode: '1' } },
      [{ prompt: 'a', id: 'q1' }],
      ['prompts[0] (q1), params.mode: no such parameter of scrapellm/chatgpt, scrapellm/perplexity'],
    ],
    [
      'an inherited name as parameter',
      {},
      [{ prompt: 'a', params: { constructor: 1 } }],
      ['prompts[0], params.constructor: no such parameter of scrapellm/chatgpt, scrapellm/perplexity'],
    ],
    [
      'a market of another form',
      {},
      [{ prompt: 'a', market: 'Mars' }],
      ['prompts[0], market: must be a country or country/language, not "Mars"'],
    ],
    [
      'a repeated id',
      {},
      [
        { prompt: 'a', id: 'q' },
        { prompt: 'b', id: 'q' },
      ],
      ['prompts[1] (q), id: "q" is the id of prompts[0] too; ids must differ'],
    ],
    [
      'what the provider refuses, once a scraper',
      { samples: 3 },
      [{ prompt: 'a', market: 'JP' }],
      [
        'prompts[0], scrapellm/chatgpt, market: is refused',
        'prompts[0], scrapellm/perplexity, market: is refused',
      ],
    ],
  ])('name %s', (_what, input, items, expected) => {
    expect(problems({ ...batch, ...input }, items)).toEqual(expected);
  });

  test('are all reported at once, at the place in the file', () => {
    const items = [
      { prompt: 'x'.repeat(400_001), scrapers: ['scrapellm/grok'] },
      { prompt: 'fine' },
      { prompt: 'a', id: 'q', scrapers: ['scrapellm/x'], market: '?' },
    ];
    const lines = problems(batch, items, { ...deps, place: (index) => `line ${index + 2}` });
    expect(lines.map((line) => line.split(':')[0])).toEqual([
      'line 2, scrapellm/grok, prompt',
      'line 4 (q), market',
      'line 4 (q), scrapers',
    ]);
  });
});

function paramsOf(input: BatchInput): unknown[] {
  return rows(input, [{ prompt: 'a' }]).map((row) => row.input.params);
}

function itemIds(items: BatchItem[]): string[] {
  return [...new Set(rows(batch, items).map((row) => row.input.item ?? ''))];
}
