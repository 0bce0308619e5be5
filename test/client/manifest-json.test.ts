import { describe, expect, test } from 'vitest';
import { problemsOf, read } from './manifest-support.ts';

const items = [
  { prompt: 'a' },
  { prompt: 'b', id: '7', scrapers: ['scrapellm/grok'], params: { timeout: 60, web_search: false } },
];

describe('a JSON manifest', () => {
  test('is one value a line, texts or objects', () => {
    const text =
      '"a"\r\n\r\n{"prompt":"b","id":7,"scrapers":"scrapellm/grok","timeout":60,"params":{"web_search":false}}\r\n';
    expect(read(text, 'prompts.ndjson')).toEqual({ ok: true, items, places: ['line 1', 'line 3'] });
  });

  test('is an array', () => {
    const text = JSON.stringify(
      [
        'a',
        { keyword: 'b', id: '7', scrapers: ['scrapellm/grok'], params: { timeout: 60 }, web_search: false },
      ],
      null,
      2,
    );
    expect(read(text, 'prompts.json')).toEqual({ ok: true, items, places: ['item 1', 'item 2'] });
  });

  test.each([
    ['an array', '["a"]'],
    ['lines', '{"prompt":"a"}'],
    ['CSV', 'prompt\na'],
  ])('is told by its first character when the name does not say: %s', (_what, text) => {
    expect(read(text, '-')).toMatchObject({ items: [{ prompt: 'a' }] });
  });

  test('reads a value that is written as text by the parameter’s own type', () => {
    expect(read('{"prompt":"a","timeout":"60"}', 'a.jsonl')).toMatchObject({
      items: [{ params: { timeout: 60 } }],
    });
  });

  test.each<[string, string, string, string[]]>([
    ['an empty array', '[]', 'a.json', ['file: holds no prompts']],
    [
      'an object instead of an array',
      '{"prompts": []}',
      'a.json',
      ['file: must be a JSON array of prompts, not {"prompts":[]} (one object a line: name it .ndjson)'],
    ],
    ['a comma too many', '[\n  "a",\n]', 'a.json', ["line 3, character 1: not JSON: Unexpected token ']'"]],
    [
      'a word without quotes',
      '[\n  {"prompt": best}\n]',
      'a.json',
      ["line 2, character 14: not JSON: Unexpected token 'b'"],
    ],
    [
      'a file cut short',
      '["a",\n"b"',
      'a.json',
      ["line 2, character 4: not JSON: Expected ',' or ']' after array element"],
    ],
    [
      'a broken line between good ones',
      '"a"\n{"prompt"\n"b"',
      'a.jsonl',
      ["line 2, character 10: not JSON: Expected ':' after property name"],
    ],
    ['a number', '["a", 3]', 'a.json', ['item 2: must be a prompt or an object, not 3']],
    ['an object without a prompt', '{"id":"x"}', 'a.jsonl', ['line 1, column prompt: must be given']],
    [
      'a prompt that is no text',
      '{"prompt":["a"]}',
      'a.jsonl',
      ['line 1, column prompt: must be a text, not ["a"]'],
    ],
    ['an empty prompt', '""', 'a.jsonl', ['line 1, column prompt: must not be empty']],
    [
      'parameters as a list',
      '{"prompt":"a","params":[]}',
      'a.jsonl',
      ['line 1, column params: must be an object, not []'],
    ],
    [
      'a nested parameter',
      '{"prompt":"a","timeout":{"s":1}}',
      'a.jsonl',
      ['line 1, column timeout: must be a text, a number, true or false, not {"s":1}'],
    ],
    [
      'an unknown field, once',
      '{"prompt":"a","promptt":1}\n{"prompt":"b","promptt":1}',
      'a.jsonl',
      ['line 1, column promptt: unknown column. Did you mean "prompt"?'],
    ],
    [
      'no scrapers in a list',
      '{"prompt":"a","scrapers":[]}',
      'a.jsonl',
      ['line 1, column scrapers: must be a list of scrapers, not []'],
    ],
    [
      'scrapers that are numbers',
      '{"prompt":"a","scrapers":[1]}',
      'a.jsonl',
      ['line 1, column scrapers: must be a list of scrapers, not [1]'],
    ],
    [
      'a market that is no text',
      '{"prompt":"a","market":49}',
      'a.jsonl',
      ['line 1, column market: must be a country or country/language such as "DE" or "US/en", not 49'],
    ],
    [
      'a label that is no text',
      '{"prompt":"a","label":49}',
      'a.jsonl',
      ['line 1, column label: must be a text, not 49'],
    ],
    [
      'half a character',
      '{"prompt":"\\ud800"}',
      'a.jsonl',
      ['line 1, column prompt: holds half a character (a lone surrogate); type it again'],
    ],
    [
      'a repeated id',
      '[{"prompt":"a","id":"x"},{"prompt":"b","id":"x"}]',
      'a.json',
      ['item 2, column id: "x" is the id of item 1 too; ids must differ'],
    ],
  ])('refuses %s', (_what, text, fileName, expected) => {
    expect(problemsOf(text, fileName)).toEqual(expected);
  });

  test('does not take inherited names for parameters', () => {
    expect(
      problemsOf('{"prompt":"a","constructor":1,"__proto__":2}', 'a.jsonl').map((line) => line.slice(0, 40)),
    ).toEqual(['line 1, column constructor: unknown colu', 'line 1, column __proto__: unknown column']);
  });
});
