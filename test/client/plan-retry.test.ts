import { describe, expect, it } from 'vitest';
import { outcomeOf, retryRow, unknownParams } from '../../src/client/plan-retry.ts';
import type { RetryCandidate } from '../../src/client/plan-retry.ts';
import { RETRIED_OUTCOMES } from '../../src/contracts/retry.ts';
import { OUTCOMES } from '../../src/contracts/outcomes.ts';
import { providerOf, scraperSpec } from '../../src/providers/registry.ts';
import { makeRecord } from '../store/fixtures.ts';

const RULES: Parameters<typeof retryRow>[2] = {
  validate: (request) => providerOf(request.scraper).validate(request),
  priceBound: (request) => providerOf(request.scraper).priceBound(request),
  params: (scraper) => scraperSpec(scraper).params,
};

const candidate = (changes: Partial<RetryCandidate> = {}): RetryCandidate => ({
  scrapeId: 'batch/demo/one/scrapellm/perplexity/1',
  request: {
    scraper: 'scrapellm/perplexity',
    prompt: 'best crm?',
    market: 'US/en',
    params: { web_search: false },
  },
  record: makeRecord({ outcome: 'failed' }),
  submissions: [],
  ...changes,
});
const ALL = { only: RETRIED_OUTCOMES, set: {} };

describe('a scrape of an ended batch', () => {
  it.each(OUTCOMES)('that is %s is listed if it was asked for and has no result', (outcome) => {
    const ended = candidate({ record: makeRecord({ outcome }) });
    const retried = RETRIED_OUTCOMES.some((one) => one === outcome);
    expect(retryRow(ended, ALL, RULES)?.outcome).toBe(retried ? outcome : undefined);
    expect(retryRow(ended, { ...ALL, only: ['failed'] }, RULES) !== undefined).toBe(outcome === 'failed');
  });

  it('that has no record was refused for its input', () => {
    expect(outcomeOf(candidate({ record: undefined }))).toBe('refused');
  });
});

describe('parameters that a retry changes', () => {
  it('are added to those of the scrape, and priced', () => {
    const found = retryRow(candidate(), { ...ALL, set: { bypass_cache: true } }, RULES);
    expect(found?.row).toMatchObject({
      from: 1,
      params: { web_search: false, bypass_cache: true },
      bound: { credits: 3 },
    });
    expect(found?.problems).toEqual([]);
  });

  it('go to the scrapers that have them; one that none has is a mistake', () => {
    const set = { web_search: true };
    const images = candidate({
      request: { ...candidate().request, scraper: 'dataforseo/google-images', params: {} },
    });
    expect(retryRow(images, { ...ALL, set }, RULES)?.row.params).toEqual({});
    expect(unknownParams(set, new Set(['scrapellm/perplexity', 'dataforseo/google-images']), RULES)).toEqual(
      [],
    );
    expect(unknownParams(set, new Set(['dataforseo/google-images']), RULES)).toMatchObject([
      { field: 'set.web_search' },
    ]);
  });

  it('are checked before anything is bought', () => {
    const found = retryRow(candidate(), { ...ALL, set: { web_search: 'maybe' } }, RULES);
    expect(found?.problems).toMatchObject([{ field: 'params.web_search' }]);
  });
});
