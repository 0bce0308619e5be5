import { expect, it } from 'vitest';
import { createScrapeLlm } from '../../../src/providers/scrapellm/adapter.ts';
import { request } from './samples.ts';

const provider = createScrapeLlm();
const DAY_MS = 86_400_000;

it('looks first when a fifth of the answers are ready, then at a constant gap', () => {
  expect(provider.pollPlan(request(), 1)).toEqual({
    firstMs: 10_900,
    gapMs: 2_400,
    wideAfterMs: 77_200,
    wideGapMs: 8_000,
    retentionMs: DAY_MS,
  });
});

it("gives Grok's expert mode the time that it takes", () => {
  const expert = request({ scraper: 'scrapellm/grok', params: { mode: 'MODEL_MODE_EXPERT' } });
  expect(provider.pollPlan(expert, 1)).toMatchObject({ firstMs: 30_700, wideAfterMs: 71_300 });
  expect(provider.pollPlan(request({ scraper: 'scrapellm/grok' }), 1)).toMatchObject({ firstMs: 10_900 });
});

it('runs faster against a faster simulator, but never below a second and never with less retention', () => {
  expect(provider.pollPlan(request(), 2)).toMatchObject({ firstMs: 5_450, gapMs: 1_200, wideGapMs: 4_000 });
  expect(provider.pollPlan(request(), 1_000)).toEqual({
    firstMs: 1_000,
    gapMs: 1_000,
    wideAfterMs: 1_000,
    wideGapMs: 1_000,
    retentionMs: DAY_MS,
  });
});

it('costs three credits at most, whatever is asked', () => {
  expect(provider.priceBound(request({ scraper: 'scrapellm/amazon-rufus' }))).toEqual({ credits: 3 });
});
