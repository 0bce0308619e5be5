import { describe, expect, it } from 'vitest';
import { readManifest } from '../../src/client/manifest.ts';
import { prepareBatch, type PreparedBatch } from '../../src/client/prepare-batch.ts';
import { GleanerError } from '../../src/client/gleaner-error.ts';
import { describePrice } from '../../src/cli/describe-price.ts';
import type { BatchInput, BatchItem } from '../../src/contracts/batch.ts';
import { formatProblem } from '../../src/contracts/schemas/problems.ts';
import type { Scraper } from '../../src/contracts/scrapers.ts';
import { scraperSpec } from '../../src/providers/registry.ts';

const MIXED: Scraper[] = ['scrapellm/chatgpt', 'dataforseo/chatgpt', 'dataforseo/google-images'];

function prepare(items: Array<string | BatchItem>, more: Partial<BatchInput> = {}): PreparedBatch {
  const input = { name: 'mixed', prompts: items, scrapers: MIXED, ...more };
  return prepareBatch(input, { simulated: true, now: new Date(0), place: (index) => `line ${index + 2}` });
}

function problems(items: Array<string | BatchItem>, more: Partial<BatchInput> = {}): string[] {
  try {
    prepare(items, more);
    return [];
  } catch (error) {
    if (error instanceof GleanerError) return error.problems.map(formatProblem);
    throw error;
  }
}

const params = (scraper: Scraper) => scraperSpec(scraper).params;

function words(more: Partial<BatchInput>, usdPerCredit?: number): string {
  return describePrice(prepare(['a', 'b'], more), usdPerCredit);
}

describe('a batch of both providers', () => {
  it('is priced in both currencies, each scrape in its own', () => {
    const { manifest, pages } = prepare(['oat milk', 'red kettle']);
    expect(manifest).toMatchObject({ total: 6, bound: { credits: 6, usdMicros: 3_600 } });
    expect(pages.flat().map(({ input, bound }) => [input.scraper, bound])).toEqual([
      ['scrapellm/chatgpt', { credits: 3 }],
      ['dataforseo/chatgpt', { usdMicros: 1_200 }],
      ['dataforseo/google-images', { usdMicros: 600 }],
      ['scrapellm/chatgpt', { credits: 3 }],
      ['dataforseo/chatgpt', { usdMicros: 1_200 }],
      ['dataforseo/google-images', { usdMicros: 600 }],
    ]);
  });

  it('checks each prompt by the rules of each scraper that it goes to, and names both', () => {
    const long = 'x'.repeat(701);
    expect(problems(['fine', { prompt: long, id: 'q2' }])).toEqual([
      'line 3 (q2), dataforseo/google-images, prompt: has 701 characters; the most is 700',
    ]);
    expect(problems([{ prompt: long, scrapers: ['scrapellm/chatgpt', 'dataforseo/chatgpt'] }])).toEqual([]);
    expect(problems(['x'.repeat(2_001)])).toEqual([
      'line 2, dataforseo/chatgpt, prompt: has 2001 characters; the most is 2000',
      'line 2, dataforseo/google-images, prompt: has 2001 characters; the most is 700',
    ]);
  });

  it('gives each scraper its own parameters, and refuses one that none has or that one of them refuses', () => {
    const { pages } = prepare(['oat milk'], { params: { depth: 200, force_web_search: true } });
    expect(pages.flat().map(({ input, bound }) => [input.params, bound])).toEqual([
      [undefined, { credits: 3 }],
      [{ force_web_search: true }, { usdMicros: 1_200 }],
      [{ depth: 200 }, { usdMicros: 1_200 }],
    ]);
    expect(problems(['oat milk'], { params: { depht: 200 } })).toEqual([
      `line 2, params.depht: no such parameter of ${MIXED.join(', ')}`,
    ]);
    expect(problems(['oat milk'], { params: { depth: 900 } })).toEqual([
      'line 2, dataforseo/google-images, params.depth: must be a whole number from 1 to 700',
    ]);
  });

  it('is named by a column of the manifest, a scraper list a prompt, labels unchanged', () => {
    const csv = [
      'keyword,scrapers,label,force_web_search',
      'oat milk,"scrapellm/chatgpt dataforseo/images",drinks,',
      'red kettle,dataforseo/chat_gpt,,true',
    ].join('\n');
    const manifest = readManifest(new TextEncoder().encode(csv), 'a.csv', { scrapers: [], params });
    if (!manifest.ok) throw new Error(manifest.problems.map(formatProblem).join('\n'));
    const { pages } = prepare(manifest.items, { scrapers: undefined });
    expect(pages.flat().map(({ input: { scraper, label, params } }) => [scraper, label, params])).toEqual([
      ['scrapellm/chatgpt', 'drinks', undefined],
      ['dataforseo/google-images', 'drinks', undefined],
      ['dataforseo/chatgpt', undefined, { force_web_search: true }],
    ]);
  });
});

describe('what it costs, in words before it starts', () => {
  it.each([
    [{}, 'no ceiling (--max-credits, --max-usd)'],
    [{ maxCredits: 6 }, 'ceiling 6 credits, none in dollars (--max-usd)'],
    [{ maxUsd: 1 }, 'ceiling $1.00, none in credits (--max-credits)'],
    [{ maxCredits: 6, maxUsd: 0.0036 }, 'ceiling 6 credits + $0.0036'],
    [{ maxCredits: 5, maxUsd: 1 }, 'ceiling 5 credits + $1.00: not all of them will be bought'],
    [{ maxCredits: 6, maxUsd: 0 }, 'ceiling 6 credits + $0.00: perhaps not all of them will be bought'],
  ])('with %j', (more, expected) => {
    expect(words(more)).toBe(
      `2 prompts × 3 scrapers × 1 samples = 6 scrapes, 6 credits + $0.0036 if each is bought once, ${expected}`,
    );
  });

  it('with one total where it is known what a credit costs', () => {
    expect(words({}, 0.001)).toContain('6 credits + $0.0036 ($0.0096 in all) if each');
  });

  it('in one currency names that one alone, and does not multiply what rows decide', () => {
    expect(words({ scrapers: ['scrapellm/chatgpt'] })).toContain(
      '= 2 scrapes, 6 credits if each is bought once, no ceiling (--max-credits)',
    );
    expect(words({ scrapers: ['dataforseo/chatgpt'] })).toContain(
      '$0.0024 if each is bought once, no ceiling (--max-usd)',
    );
    const rows = prepare(['a', { prompt: 'b', scrapers: ['dataforseo/bing'] }]);
    expect(describePrice(rows)).toContain('2 prompts, 4 scrapers, 1 samples: 4 scrapes, ');
  });
});
