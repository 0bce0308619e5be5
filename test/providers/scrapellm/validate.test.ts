import { describe, expect, it } from 'vitest';
import { scrapersOf } from '../../../src/contracts/scrapers.ts';
import { createScrapeLlm } from '../../../src/providers/scrapellm/adapter.ts';
import { request } from './samples.ts';

const provider = createScrapeLlm();
const problems = (changes: Parameters<typeof request>[0]) => provider.validate(request(changes));

describe('validate', () => {
  it.each(scrapersOf('scrapellm'))('takes a plain request for %s', (scraper) => {
    expect(problems({ scraper, params: { timeout: 12.5, bypass_cache: true } })).toEqual([]);
  });

  it.each([
    ['', 'is empty'],
    [' \n\u00a0\u3000', 'is empty'],
    ['a\ud83d', 'half a character'],
    ['\udc5fa', 'half a character'],
    ['x'.repeat(4_001), 'has 4001 characters; the most is 4000'],
    ['👟'.repeat(4_001), 'has 4001 characters'],
  ])('refuses the prompt %#', (prompt, message) => {
    expect(problems({ prompt })).toEqual([{ field: 'prompt', message: expect.stringContaining(message) }]);
  });

  it('counts characters, not halves of them', () => {
    expect(problems({ prompt: '👟'.repeat(4_000) })).toEqual([]);
  });

  it.each(['', 'USA', 'US/', 'en-US', 'US/english', '12'])('refuses the market "%s"', (market) => {
    expect(problems({ market })).toMatchObject([{ field: 'market' }]);
  });

  it.each(['us', 'DE/de', ' GB/en-GB '])('takes the market "%s"', (market) => {
    expect(problems({ market })).toEqual([]);
  });

  it.each(['JP/ja', 'tw'])('refuses %s where there is no exit, and nowhere else', (market) => {
    const refusing = scrapersOf('scrapellm').filter((scraper) => problems({ scraper, market }).length > 0);
    expect(refusing).toEqual([
      'scrapellm/grok',
      'scrapellm/copilot',
      'scrapellm/gemini',
      'scrapellm/google-ai-mode',
    ]);
  });

  it.each([
    [{ websearch: true }, 'params.websearch', 'Did you mean "web_search"?'],
    [{ colour: 'red' }, 'params.colour', 'Known: timeout, bypass_cache, web_search'],
    [{ constructor: 1 }, 'params.constructor', 'unknown'],
    [{ prompt: 'x' }, 'params.prompt', 'use the field "prompt"'],
    [{ country: 'US' }, 'params.country', 'use the field "market"'],
    [{ api_key: 'x' }, 'params.api_key', 'use the field "account"'],
    [{ timeout: 9 }, 'params.timeout', 'from 10 to 600'],
    [{ timeout: 601 }, 'params.timeout', 'from 10 to 600'],
    [{ timeout: '30' }, 'params.timeout', 'must be a number'],
    [{ timeout: Number.NaN }, 'params.timeout', 'must be a number'],
    [{ web_search: 'false' }, 'params.web_search', 'true or false'],
    [{ web_search: 0 }, 'params.web_search', 'true or false'],
  ])('refuses %j on perplexity', (params, field, message) => {
    const found = problems({ scraper: 'scrapellm/perplexity', params });
    expect(found).toEqual([{ field, message: expect.stringContaining(message) }]);
  });

  it('offers the nearest mode', () => {
    expect(problems({ scraper: 'scrapellm/copilot', params: { mode: 'serch' } })).toEqual([
      { field: 'params.mode', message: expect.stringContaining('did you mean "search"?') },
    ]);
    expect(problems({ scraper: 'scrapellm/grok', params: { mode: true } })).toMatchObject([
      { field: 'params.mode' },
    ]);
    expect(problems({ scraper: 'scrapellm/grok', params: { mode: 'MODEL_MODE_EXPERT' } })).toEqual([]);
    expect(problems({ scraper: 'scrapellm/chatgpt', params: { mode: 'search' } })).toMatchObject([
      { field: 'params.mode' },
    ]);
  });

  it('names everything that is wrong at once', () => {
    const fields = problems({ prompt: '', market: 'x', params: { timeout: 1, web: true } }).map(
      ({ field }) => field,
    );
    expect(fields).toEqual(['prompt', 'market', 'params.timeout', 'params.web']);
  });
});
