import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/contracts/schemas/canonical-json.ts';
import { fingerprintOf, toRequest } from '../../src/contracts/schemas/scrape-request.ts';
import type { ScrapeRequest } from '../../src/contracts/scrape.ts';

const request: ScrapeRequest = {
  scraper: 'scrapellm/chatgpt',
  prompt: 'a',
  market: 'US/en',
  params: { bypass_cache: true, timeout: 60 },
};

describe('toRequest', () => {
  test('writes out aliases and defaults', () => {
    expect(toRequest({ scraper: 'ScrapeLLM/google_ai_mode', prompt: 'a' })).toEqual({
      ok: true,
      request: { scraper: 'scrapellm/google-ai-mode', prompt: 'a', market: 'US/en', params: {} },
    });
  });

  test('writes markets in one form', () => {
    expect(toRequest({ scraper: 'scrapellm/grok', prompt: 'a', market: 'de/DE-at' })).toMatchObject({
      request: { market: 'DE/de-at' },
    });
  });

  test('keeps the prompt to the letter', () => {
    expect(toRequest({ scraper: 'scrapellm/grok', prompt: ' a\r\n' })).toMatchObject({
      request: { prompt: ' a\r\n' },
    });
  });

  test('reports what is wrong instead of guessing', () => {
    expect(toRequest({ scraper: 'scrapellm/grok', prompt: '', market: '?' })).toMatchObject({
      ok: false,
      problems: [{ field: 'prompt' }, { field: 'market' }],
    });
  });
});

describe('fingerprintOf', () => {
  test('stays what it was in every release, because journals are compared with it', () => {
    expect(fingerprintOf(request)).toBe('06be0091c2b590c07b1618f97b68cf3d33d0f6b6bed706ef1fe0bd1ecde2a5b8');
  });

  test('does not depend on the order of parameters or on other fields', () => {
    const other = {
      params: { timeout: 60, bypass_cache: true },
      market: 'US/en',
      prompt: 'a',
      label: 'x',
      scraper: request.scraper,
    };
    expect(fingerprintOf(other)).toBe(fingerprintOf(request));
  });

  test.each<[string, ScrapeRequest]>([
    ['scraper', { ...request, scraper: 'scrapellm/grok' }],
    ['prompt', { ...request, prompt: 'a ' }],
    ['market', { ...request, market: 'US' }],
    ['parameter', { ...request, params: { bypass_cache: false, timeout: 60 } }],
    ['kind of a parameter', { ...request, params: { bypass_cache: 'true', timeout: 60 } }],
    ['missing parameter', { ...request, params: { timeout: 60 } }],
  ])('changes with the %s', (_what, other) => {
    expect(fingerprintOf(other)).not.toBe(fingerprintOf(request));
  });
});

test('canonical JSON is JSON of the same value, whatever the order of keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
      const reversed = Object.fromEntries(Object.entries(object).toReversed());
      expect(canonicalJson(reversed)).toBe(canonicalJson(object));
      expect(JSON.parse(canonicalJson(object))).toEqual(JSON.parse(JSON.stringify(object)));
    }),
  );
});
