import { describe, expect, test } from 'vitest';
import { planBatch } from '../../src/client/plan-batch.ts';
import type { BatchInput, BatchItem } from '../../src/contracts/batch.ts';
import { batch, deps, plan } from './plan-support.ts';

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
