import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../src/contracts/schemas/problems.ts';
import { parseScrapeInput } from '../../src/contracts/schemas/scrape-input.ts';

const good = { scraper: 'scrapellm/chatgpt', prompt: 'Which desk lamp is easiest on the eyes?' };

describe('parseScrapeInput', () => {
  test('returns a full input as it is', () => {
    const input = {
      ...good,
      market: 'DE/de-AT',
      params: { bypass_cache: true, timeout: 60.5, mode: 'chat' },
      account: 'emea',
      label: 'buying, spring 2026 ☀',
      maxSubmissions: 10,
      onUnknown: 'resubmit',
      maxCredits: 0,
      batchId: 'batch/demo',
      item: 'q-1',
      sample: 100,
    };
    expect(parseScrapeInput(input)).toEqual({ ok: true, input });
  });

  test.each<[string, unknown, string]>([
    ['no prompt', { scraper: good.scraper }, 'prompt: must be given: a text'],
    ['an empty prompt', { ...good, prompt: ' \n' }, 'prompt: must not be empty'],
    [
      'half a character',
      { ...good, prompt: 'a\uD800b' },
      'prompt: holds half a character (a lone surrogate); type it again',
    ],
    ['a prompt of another kind', { ...good, prompt: ['a'] }, 'prompt: must be a text, not ["a"]'],
    ['no scraper', { prompt: 'a' }, 'scraper: must be given: a scraper such as "scrapellm/chatgpt"'],
    [
      'a market by name',
      { ...good, market: 'Germany' },
      'market: must be a country or country/language such as "DE" or "US/en", not "Germany"',
    ],
    [
      'a nested parameter',
      { ...good, params: { mode: { a: 1 } } },
      'params.mode: must be a text, a number, true or false, not {"a":1}',
    ],
    [
      'parameters as a list',
      { ...good, params: ['mode'] },
      'params: must be an object such as {"web_search": false}, not ["mode"]',
    ],
    [
      'an account that is a path',
      { ...good, account: '../x' },
      'account: must be a name of letters, digits, ".", "_" and "-" (at most 100), not "../x"',
    ],
    [
      'an account that is a folder',
      { ...good, account: '..' },
      'account: must be a name of letters, digits, ".", "_" and "-" (at most 100), not ".."',
    ],
    [
      'a label of two lines',
      { ...good, label: 'a\nb' },
      'label: must not hold line breaks, tabs or other control characters',
    ],
    ['an empty label', { ...good, label: '' }, 'label: must not be empty'],
    ['a long label', { ...good, label: '☀'.repeat(101) }, 'label: must have at most 100 characters, not 101'],
    [
      'no submission at all',
      { ...good, maxSubmissions: 0 },
      'maxSubmissions: must be a whole number from 1 to 10, not 0',
    ],
    [
      'half a submission',
      { ...good, maxSubmissions: 1.5 },
      'maxSubmissions: must be a whole number from 1 to 10, not 1.5',
    ],
    [
      'a negative ceiling',
      { ...good, maxCredits: -1 },
      'maxCredits: must be a whole number, 0 or more, not -1',
    ],
    [
      'a ceiling as text',
      { ...good, maxCredits: '5' },
      'maxCredits: must be a whole number, 0 or more, not "5"',
    ],
    [
      'an unknown policy',
      { ...good, onUnknown: 'retry' },
      'onUnknown: must be "fail" or "resubmit", not "retry"',
    ],
    [
      'a batch id of another form',
      { ...good, batchId: 'demo' },
      'batchId: must be the id of a batch such as "batch/demo", not "demo"',
    ],
    [
      'an item id with a slash',
      { ...good, item: 'a/b' },
      'item: must be a name of letters, digits, ".", "_" and "-" (at most 100), not "a/b"',
    ],
    ['sample zero', { ...good, sample: 0 }, 'sample: must be a whole number from 1 to 100, not 0'],
    ['a misspelt field', { ...good, promt: 'x' }, 'promt: unknown field. Did you mean "prompt"?'],
    [
      'a text instead of an object',
      'hi',
      'must be an object such as {"scraper": "scrapellm/chatgpt", "prompt": "…"}, not "hi"',
    ],
    [
      'nothing',
      undefined,
      'must be given: an object such as {"scraper": "scrapellm/chatgpt", "prompt": "…"}',
    ],
    ['null', null, 'must be an object such as {"scraper": "scrapellm/chatgpt", "prompt": "…"}, not null'],
  ])('refuses %s', (_what, value, message) => {
    expect(messages(value)).toEqual([message]);
  });

  test('names a misspelt scraper and all that exist', () => {
    const [message] = messages({ ...good, scraper: 'scrapellm/chatgtp' });
    expect(message).toMatch(
      /^scraper: unknown scraper "scrapellm\/chatgtp"\. Did you mean "scrapellm\/chatgpt"\? Known: /,
    );
  });

  test('lists the known fields when none is near', () => {
    expect(messages({ ...good, 'temperature of it': 1 })).toEqual([
      '"temperature of it": unknown field. Known: scraper, prompt, market, params, account, label, maxSubmissions, ' +
        'onUnknown, maxCredits, maxUsd, maxCharge, batchId, batchRun, item, sample, retry',
    ]);
  });

  test('reports every problem at once', () => {
    expect(
      messages({ prompt: '', scraper: 7, label: '\t', nmae: 1, sample: 101 }).map(
        (line) => line.split(':')[0],
      ),
    ).toEqual(['scraper', 'prompt', 'label', 'label', 'sample', 'nmae']);
  });

  test('cuts a long value and keeps its characters whole', () => {
    const [message = ''] = messages({ ...good, market: '🌞'.repeat(500) });
    expect(message).toHaveLength(
      'market: must be a country or country/language such as "DE" or "US/en", not '.length + 1 + 58 * 2 + 1,
    );
    expect(message).toMatch(/🌞…$/u);
  });

  test('never throws, whatever it is given', () => {
    const circle: Record<string, unknown> = {};
    circle['prompt'] = circle;
    for (const value of [circle, { prompt: 1n }, Symbol('x'), () => 1, Number.NaN, new Date()]) {
      expect(parseScrapeInput(value).ok).toBe(false);
    }
  });
});

function messages(value: unknown): string[] {
  const parsed = parseScrapeInput(value);
  return parsed.ok ? [] : parsed.problems.map(formatProblem);
}
