import { describe, expect, test } from 'vitest';
import {
  MAX_INLINE_BYTES,
  parseBatchInput,
  parseBatchItems,
} from '../../src/contracts/schemas/batch-input.ts';
import { formatProblem } from '../../src/contracts/schemas/problems.ts';

const good = { name: 'demo', prompts: ['a', 'b'], scrapers: ['scrapellm/chatgpt'] };

describe('parseBatchInput', () => {
  test('makes items of prompts that are plain texts', () => {
    const parsed = parseBatchInput({
      ...good,
      prompts: ['a', { prompt: 'b', id: 'q2', params: { mode: 'chat' } }],
    });
    expect(parsed).toEqual({
      ok: true,
      input: { ...good, prompts: [{ prompt: 'a' }, { prompt: 'b', id: 'q2', params: { mode: 'chat' } }] },
    });
  });

  test('takes the store reference of a manifest instead of prompts', () => {
    const input = {
      name: 'demo',
      manifest: 'uploads/ab12.json',
      scrapers: ['scrapellm/grok'],
      samples: 100,
      window: 2_000,
    };
    expect(parseBatchInput(input)).toEqual({ ok: true, input });
  });

  test.each<[string, unknown, string[]]>([
    [
      'no name',
      { ...good, name: undefined },
      ['name: must be given: a name of letters, digits, ".", "_" and "-" (at most 100)'],
    ],
    [
      'a name with a slash',
      { ...good, name: 'a/b' },
      ['name: must be a name of letters, digits, ".", "_" and "-" (at most 100), not "a/b"'],
    ],
    [
      'a name that is a folder',
      { ...good, name: '.' },
      ['name: must be a name of letters, digits, ".", "_" and "-" (at most 100), not "."'],
    ],
    [
      'no prompts',
      { name: 'demo' },
      ['prompts: must be given: a list of prompts (or "manifest", a store reference)'],
    ],
    ['an empty list', { ...good, prompts: [] }, ['prompts: must hold at least one prompt']],
    [
      'prompts and a manifest',
      { ...good, manifest: 'a' },
      ['manifest: give prompts or a manifest, not both'],
    ],
    [
      'a key out of the store',
      { name: 'demo', manifest: 'uploads/../../etc' },
      ['manifest: must be the key that a client got when it stored the manifest, not "uploads/../../etc"'],
    ],
    ['prompts as one text', { ...good, prompts: 'a' }, ['prompts: must be a list of prompts, not "a"']],
    ['an empty prompt', { ...good, prompts: ['a', ''] }, ['prompts[1].prompt: must not be empty']],
    [
      'a number as prompt',
      { ...good, prompts: [3] },
      ['prompts[0]: must be a text or an object with a "prompt", not 3'],
    ],
    [
      'a misspelt field of an item',
      { ...good, prompts: [{ prompt: 'a', labl: 'x' }] },
      ['prompts[0].labl: unknown field. Did you mean "label"?'],
    ],
    ['a misspelt field', { ...good, sample: 3 }, ['sample: unknown field. Did you mean "samples"?']],
    ['no scrapers in the list', { ...good, scrapers: [] }, ['scrapers: must name at least one scraper']],
    [
      'too many samples',
      { ...good, samples: 101 },
      ['samples: must be a whole number from 1 to 100, not 101'],
    ],
    ['no window', { ...good, window: 0 }, ['window: must be a whole number from 1 to 2000, not 0']],
    [
      'too many submissions',
      { ...good, maxSubmissions: 11 },
      ['maxSubmissions: must be a whole number from 1 to 10, not 11'],
    ],
    [
      'dollars with too many decimals',
      { ...good, maxUsd: 0.000_000_1 },
      ['maxUsd: must be dollars, 0 or more, with at most 6 decimals, not 1e-7'],
    ],
    [
      'half a credit',
      { ...good, maxCredits: 0.5 },
      ['maxCredits: must be a whole number, 0 or more, not 0.5'],
    ],
    [
      'a list',
      [],
      [
        'must be an object such as {"name": "…", "prompts": ["…"], "scrapers": ["scrapellm/chatgpt"]}, not []',
      ],
    ],
  ])('refuses %s', (_what, value, expected) => {
    expect(messages(value)).toEqual(expected);
  });

  test('refuses more than 100 KB inline and says what to use instead', () => {
    const fits = ['x'.repeat(MAX_INLINE_BYTES - 4)];
    expect(messages({ ...good, prompts: fits })).toEqual([]);
    expect(messages({ ...good, prompts: [`${fits[0]}x`] })).toEqual([
      'prompts: 101 KB inline, at most 100 KB: use a manifest file ("gleaner batch <file>") or the store reference of one in "manifest"',
    ]);
  });

  test('counts bytes, not characters', () => {
    expect(messages({ ...good, prompts: ['漢'.repeat(MAX_INLINE_BYTES / 3)] })).toHaveLength(1);
  });

  test('reports every problem at once, of items too', () => {
    const value = { name: '', prompts: [{ prompt: '', market: 'x' }, { id: 'a b' }], samples: 0, foo: 1 };
    expect(messages(value).map((line) => line.split(':')[0])).toEqual([
      'name',
      'prompts[0].prompt',
      'prompts[0].market',
      'prompts[1].prompt',
      'prompts[1].id',
      'samples',
      'foo',
    ]);
  });
});

describe('parseBatchItems', () => {
  test('reads a stored list of any size', () => {
    expect(parseBatchItems(['x'.repeat(MAX_INLINE_BYTES * 2)]).ok).toBe(true);
  });

  test('names the item that is wrong', () => {
    expect(parseBatchItems([{ prompt: 'a' }, { prompt: 'b', market: 'Mars' }])).toMatchObject({
      ok: false,
      problems: [{ field: 'prompts[1].market' }],
    });
  });
});

function messages(value: unknown): string[] {
  const parsed = parseBatchInput(value);
  return parsed.ok ? [] : parsed.problems.map(formatProblem);
}
