import { describe, expect, it } from 'vitest';
import { ceilingWords, previewLines } from '../../src/cli/describe-price.ts';
import { previewPrice, type PlannedPurchase } from '../../src/client/price-preview.ts';
import type { StartedBatch } from '../../src/client/start-batch.ts';

const STARTED: StartedBatch = {
  batchId: 'batch/a',
  attached: true,
  resumed: false,
  running: true,
  startedAt: '2026-11-23T10:00:00.000Z',
  total: 2,
  bound: { credits: 6 },
};
const input = { name: 'a', maxCredits: 60 };

describe('a ceiling that is given with a batch that runs', () => {
  it('is said to hold if it is higher, and that it does not if it is lower or there was none', () => {
    const ceiling = { credits: 60 };
    expect(ceilingWords(input, { ...STARTED, ceiling, raised: true })).toBe('its ceiling is 60 credits now');
    expect(ceilingWords(input, { ...STARTED, ceiling })).toBeUndefined();
    expect(ceilingWords({ ...input, maxCredits: 30 }, { ...STARTED, ceiling })).toContain(
      'stays at 60 credits',
    );
    expect(ceilingWords(input, STARTED)).toContain('has none, and keeps none');
  });

  it('is not spoken of where it is not asked for, or nothing runs', () => {
    expect(ceilingWords({ name: 'a' }, { ...STARTED, ceiling: { credits: 60 } })).toBeUndefined();
    expect(ceilingWords(input, { ...STARTED, attached: false })).toBeUndefined();
    expect(ceilingWords(input, { ...STARTED, running: false })).toBeUndefined();
  });
});

describe('a preview', () => {
  const grok: PlannedPurchase = { scraper: 'scrapellm/grok', params: {}, bound: { credits: 3 } };
  const dear: PlannedPurchase = {
    scraper: 'dataforseo/chatgpt',
    params: { priority: 2 },
    bound: { usdMicros: 2_400 },
  };

  it('adds up both currencies only if it is known what a credit costs', () => {
    expect(previewPrice([grok, dear], {})).not.toHaveProperty('totalUsdMicros');
    expect(previewPrice([grok, dear], { usdPerCredit: 0.001 }).totalUsdMicros).toBe(5_400);
    expect(previewPrice([dear], {}).totalUsdMicros).toBe(2_400);
  });

  it('takes the time of the way that is bought, and as long as the window makes it wait', () => {
    expect(previewPrice([dear], {}).typicalMs).toBe(50_000);
    expect(previewPrice([{ ...dear, params: {} }], {}).typicalMs).toBe(240_000);
    const many = Array.from({ length: 100 }, () => dear);
    expect(previewPrice(many, { window: 100 }).typicalMs).toBe(50_000);
    expect(previewPrice(many, { window: 10 }).typicalMs).toBe(500_000);
    // As many as the worker has open at once: 2,000 of these, 100 of those that are bought one by one.
    expect(previewPrice([...many, ...many, ...many], {}).typicalMs).toBe(50_000);
    const mixed = Array.from({ length: 300 }, () => grok);
    expect(previewPrice(mixed, {}).typicalMs).toBe(3 * previewPrice([grok], {}).typicalMs);
  });

  it('counts what may cost more than its limit, in the currency of the limit', () => {
    const limited = [dear, { ...dear, maxCharge: '$0.002' }, { ...grok, maxCharge: '$0.002' }];
    const preview = previewPrice(limited, {});
    expect(preview.overMaxCharge).toBe(1);
    expect(previewLines(preview).at(-1)).toBe(
      '1 may cost more than their maxCharge (--max-charge) and will be refused',
    );
  });
});
