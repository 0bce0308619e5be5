import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlanDeps } from '../../src/client/plan-items.ts';
import { planBatch } from '../../src/client/plan-batch.ts';
import { MAX_PAGE_BYTES, MAX_PAGE_ROWS } from '../../src/client/plan-pages.ts';
import type { BatchInput, BatchItem, Manifest } from '../../src/contracts/batch.ts';
import { formatProblem } from '../../src/contracts/schemas/problems.ts';
import { parseScrapeInput } from '../../src/contracts/schemas/scrape-input.ts';
import type { StoredPage } from '../../src/store/store.ts';
import { params } from './manifest-support.ts';

const batch: BatchInput = { name: 'demo', scrapers: ['scrapellm/chatgpt', 'scrapellm/perplexity'] };

const deps: PlanDeps = {
  validate: ({ prompt, market }) => [
    ...(prompt.length > 400_000 ? [{ field: 'prompt', message: 'is too long' }] : []),
    ...(market.startsWith('JP') ? [{ field: 'market', message: 'is refused' }] : []),
  ],
  priceBound: ({ scraper }) => (scraper === 'scrapellm/grok' ? { credits: 5, usdMicros: 7 } : { credits: 3 }),
  params,
  simulated: true,
  now: new Date('2026-11-16T12:00:00Z'),
};

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
    const bypass = (input: BatchInput): unknown[] =>
      rows(input, [{ prompt: 'a' }]).map((row) => row.input.params);
    expect(bypass(batch)).toEqual([undefined, undefined]);
    expect(bypass({ ...batch, samples: 2 }).slice(0, 2)).toEqual([{ bypass_cache: true }, undefined]);
    expect(bypass({ ...batch, samples: 2, params: { bypass_cache: false } }).slice(0, 2)).toEqual([
      { bypass_cache: false },
      undefined,
    ]);
  });

  test('gives a prompt without id the same one in every release', () => {
    expect(rows(batch, [{ prompt: 'Which lamp?' }])[0]?.input.item).toBe('b033b6f6506e');
  });

  test('gives equal prompts different ids, and keeps them when other prompts come or go', () => {
    const ids = (items: BatchItem[]): string[] => [
      ...new Set(rows(batch, items).map((row) => row.input.item ?? '')),
    ];
    const [first, second, ...rest] = ids([
      { prompt: 'a' },
      { prompt: 'a' },
      { prompt: 'a', market: 'DE' },
      { prompt: 'a', params: { timeout: 20 } },
    ]);
    expect(new Set([first, second, ...rest]).size).toBe(4);
    expect(ids([{ prompt: 'new' }, { prompt: 'a', market: 'us/EN' }, { prompt: 'a' }]).slice(1)).toEqual([
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

describe('the fingerprint', () => {
  const items: BatchItem[] = [
    { prompt: 'a', id: 'q1' },
    { prompt: 'b', id: 'q2', label: 'x' },
  ];
  const standing = plan(batch, items).manifest.fingerprint;

  test.each<[string, Partial<BatchInput>, BatchItem[]]>([
    [
      'a prompt',
      {},
      [
        { prompt: 'a!', id: 'q1' },
        { prompt: 'b', id: 'q2' },
      ],
    ],
    [
      'an id',
      {},
      [
        { prompt: 'a', id: 'q3' },
        { prompt: 'b', id: 'q2' },
      ],
    ],
    ['one prompt more', {}, [...items, { prompt: 'c' }]],
    ['one prompt less', {}, items.slice(1)],
    ['the market', { market: 'DE' }, items],
    ['a parameter', { params: { timeout: 20 } }, items],
    ['one scraper more', { scrapers: [...(batch.scrapers ?? []), 'scrapellm/grok'] }, items],
    ['the samples', { samples: 2 }, items],
    ['samples where the cache cannot be bypassed', { samples: 2, scrapers: ['scrapellm/grok'] }, items],
    ['the account', { account: 'emea' }, items],
    ['how often may be bought', { maxSubmissions: 3 }, items],
    ['what follows a lost answer', { onUnknown: 'resubmit' }, items],
  ])('changes with %s', (_what, input, changed) => {
    expect(plan({ ...batch, ...input }, changed).manifest.fingerprint).not.toBe(standing);
  });

  test.each<[string, Partial<BatchInput>, BatchItem[]]>([
    ['the window', { window: 7 }, items],
    ['the ceiling', { maxCredits: 7 }, items],
    ['labels', { label: 'y' }, items.map((item) => ({ ...item, label: 'z' }))],
    ['the order of prompts', {}, items.toReversed()],
    [
      'the order and the spelling of scrapers',
      { scrapers: ['scrapellm/perplexity', 'ScrapeLLM/chat_gpt'] },
      items,
    ],
    [
      'defaults that are written out',
      { market: 'us/en', samples: 1, maxSubmissions: 2, onUnknown: 'fail', account: 'default' },
      items,
    ],
  ])('does not change with %s', (_what, input, changed) => {
    expect(plan({ ...batch, ...input }, changed).manifest.fingerprint).toBe(standing);
  });

  test('does not change with the clock', () => {
    const later = planBatch(batch, items, { ...deps, now: new Date(0) });
    expect(later.ok && later.manifest.fingerprint).toBe(standing);
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

function plan(input: BatchInput, items: BatchItem[]): { manifest: Manifest; pages: StoredPage[] } {
  const planned = planBatch(input, items, deps);
  if (!planned.ok) throw new Error(planned.problems.map(formatProblem).join('\n'));
  return planned;
}

function rows(input: BatchInput, items: BatchItem[]): StoredPage {
  return plan(input, items).pages.flat();
}

function problems(input: BatchInput, items: BatchItem[], using = deps): string[] {
  const planned = planBatch(input, items, using);
  return planned.ok ? [] : planned.problems.map(formatProblem);
}

function prompts(count: number, text = ''): BatchItem[] {
  return Array.from({ length: count }, (_, index) => ({ prompt: `${index} ${text}` }));
}

function bytesOf(pages: StoredPage[]): number[] {
  return pages.map((page) => Buffer.byteLength(JSON.stringify(page)));
}
