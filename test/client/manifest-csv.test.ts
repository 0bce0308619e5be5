import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { params, problemsOf, read } from './manifest-support.ts';

describe('a CSV manifest', () => {
  test('reads every column', () => {
    const text =
      'id,Prompt,market,scrapers,label,param.timeout,bypass_cache\nq1,best lamp?,DE/de,"scrapellm/chatgpt, scrapellm/rufus",buying,60,TRUE\n';
    expect(read(text)).toEqual({
      ok: true,
      places: ['line 2'],
      items: [
        {
          id: 'q1',
          prompt: 'best lamp?',
          market: 'DE/de',
          scrapers: ['scrapellm/chatgpt', 'scrapellm/amazon-rufus'],
          label: 'buying',
          params: { timeout: 60, bypass_cache: true },
        },
      ],
    });
  });

  test('leaves out what a row leaves empty', () => {
    expect(read('keyword,id,market,scrapers,label,timeout\nlamp,,,,,\n')).toMatchObject({
      items: [{ prompt: 'lamp' }],
    });
  });

  test.each([
    ['a semicolon', 'id;prompt\n1;a, b\n'],
    ['a tab', 'id\tprompt\n1\ta, b\n'],
    ['a comma', 'id,prompt\n1,"a, b"\n'],
    ['a comma beside quoted semicolons', '"id","prompt"\n1,"a, b"\n'],
  ])('finds %s as delimiter in the header', (_what, text) => {
    expect(read(text)).toMatchObject({ items: [{ id: '1', prompt: 'a, b' }] });
  });

  test('reads what Excel writes: a byte order mark, CRLF, empty columns and rows', () => {
    const text = '\uFEFFid;prompt;;\r\n1;a;;\r\n;;;\r\n\r\n2;"b ""x""\r\nc";;\r\n';
    expect(read(text)).toMatchObject({
      items: [
        { id: '1', prompt: 'a' },
        { id: '2', prompt: 'b "x"\r\nc' },
      ],
      places: ['line 2', 'line 5'],
    });
  });

  test.each(['\n', '\r\n', '\r'])('counts lines over cells of several lines when they end in %j', (end) => {
    const text = ['prompt,market', '"a', 'b', 'c",DE', '', 'd,Mars', ''].join(end);
    expect(problemsOf(text)).toEqual([
      'line 6, column market: must be a country or country/language such as "DE" or "US/en", not "Mars"',
    ]);
  });

  test('takes a quotation mark inside a cell without quotes as it is', () => {
    expect(read('prompt,id\n27" monitor light,1\n')).toMatchObject({
      items: [{ prompt: '27" monitor light' }],
    });
  });

  test('keeps a text parameter that looks like a number or a boolean', () => {
    const grok = { scrapers: ['scrapellm/grok'] as const, params };
    expect(read('prompt,mode\na,1\nb,true\n', 'a.csv', grok)).toMatchObject({
      items: [{ params: { mode: '1' } }, { params: { mode: 'true' } }],
    });
  });

  test('leaves a value of the wrong type to the scraper, which names what it takes', () => {
    expect(read('prompt,timeout\na,soon\n')).toMatchObject({ items: [{ params: { timeout: 'soon' } }] });
  });

  test('knows the parameters of scrapers that only one row asks', () => {
    expect(read('prompt,scrapers,mode\na,scrapellm/grok,1\nb,,\n')).toMatchObject({ ok: true });
  });

  test('takes any scraper’s parameter while no scraper is chosen', () => {
    expect(read('prompt,mode\na,1\n', 'a.csv', { scrapers: [], params })).toMatchObject({ ok: true });
  });

  test.each<[string, string, string[]]>([
    ['an empty file', '', ['file: is empty']],
    ['a file of blank lines', '\n \n', ['file: is empty']],
    ['a header alone', 'id,prompt\n', ['file: holds no prompts']],
    [
      'no header',
      'best desk lamp?\nbest light?\n',
      ['line 1: must name the columns, one of them "prompt" (or "keyword"). Found: "best desk lamp?"'],
    ],
    [
      'a misspelt prompt column',
      'id,promt\n1,a\n',
      [
        'line 1: must name the columns, one of them "prompt" (or "keyword"). Did you mean "prompt" by "promt"? Found: "id", "promt"',
      ],
    ],
    [
      'prompt and keyword',
      'prompt,keyword\na,b\n',
      ['line 2, column keyword: the prompt is in column prompt already; keep one of them'],
    ],
    ['a column twice', 'prompt,id,ID\na,1,2\n', ['line 1, column id: is there twice; keep one of them']],
    [
      'an unknown column near a known one',
      'prompt,lables\na,x\nb,y\n',
      ['line 1, column lables: unknown column. Did you mean "label"?'],
    ],
    [
      'an unknown column',
      'prompt,colour\na,x\n',
      [
        'line 1, column colour: unknown column. Known: prompt, keyword, id, market, scrapers, label, maxCharge, bypass_cache, timeout, web_search',
      ],
    ],
    [
      'a parameter of another scraper',
      'prompt,mode\na,1\n',
      ['line 1, column mode: is a parameter of scrapellm/grok, but this batch asks none of them'],
    ],
    [
      'a column without a name',
      'prompt,\na,x\n',
      ['line 2: cell 2 is under a column without a name; name the column or empty the cell'],
    ],
    ['an empty prompt', 'id,prompt\n1,\n', ['line 2, column prompt: must not be empty']],
    [
      'an id with a space',
      'id,prompt\na b,x\n',
      ['line 2, column id: must be a name of letters, digits, ".", "_" and "-" (at most 100), not "a b"'],
    ],
    [
      'a repeated id',
      'id,prompt\n1,x\n2,y\n1,z\n',
      ['line 4, column id: "1" is the id of line 2 too; ids must differ'],
    ],
    [
      'a market by name',
      'prompt,market\na,Germany\n',
      ['line 2, column market: must be a country or country/language such as "DE" or "US/en", not "Germany"'],
    ],
    [
      'a label with a tab',
      'prompt,label\na,"b\tc"\n',
      ['line 2, column label: must not hold line breaks, tabs or other control characters'],
    ],
    [
      'too many cells',
      'id,prompt\n1,warm, or cold light?\n',
      ['line 2: has 3 cells, but the header has 2; put a cell that holds a delimiter in quotes'],
    ],
    [
      'a comma in the only column',
      'prompt\nwarm, or cold?\n',
      ['line 2: has 2 cells, but the header has 1; put the prompt in quotes'],
    ],
    [
      'an unclosed quote',
      'id,prompt\n1,"a ""b"""\n2,x\n3, "which lamp\n4,y\n',
      [
        'line 4, character 4: a quotation mark opens here and is never closed; close it, or double it if it is part of the text',
      ],
    ],
  ])('refuses %s', (_what, text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  test('names a scraper that does not exist, by row', () => {
    const [problem, ...rest] = problemsOf('prompt,scrapers\na,scrapellm/grok;scrapellm/groc\n');
    expect(rest).toEqual([]);
    expect(problem).toMatch(
      /^line 2, column scrapers: unknown scraper "scrapellm\/groc"\. Did you mean "scrapellm\/grok"\?/,
    );
  });

  test('reports every problem at once in the order of the lines', () => {
    const text = 'id,prompt,market,foo\n1,,X1,\n1,a,DE,x\n2,b,c,d,e\n3,"open\n';
    expect(problemsOf(text).map((line) => line.split(':')[0])).toEqual([
      'line 1, column foo',
      'line 2, column prompt',
      'line 2, column market',
      'line 3, column id',
      'line 4',
      'line 4, column market',
      'line 5, character 3',
    ]);
  });

  test('gives back every prompt that was written', () => {
    const cell = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 40 })
      .filter((text) => text.trim() === text && !/\p{Surrogate}/u.test(text));
    const delimiter = fc.constantFrom(',', ';', '\t');
    const end = fc.constantFrom('\n', '\r\n');
    fc.assert(
      fc.property(
        fc.array(cell, { minLength: 1, maxLength: 8 }),
        delimiter,
        end,
        fc.boolean(),
        (prompts, separator, lineEnd, bom) => {
          const lines = [
            `id${separator}prompt`,
            ...prompts.map((prompt, index) => `q${index}${separator}${quote(prompt)}`),
          ];
          const result = read((bom ? '\uFEFF' : '') + lines.join(lineEnd));
          expect(result).toMatchObject({ ok: true });
          expect(result.ok && result.items).toEqual(
            prompts.map((prompt, index) => ({ id: `q${index}`, prompt })),
          );
        },
      ),
    );
  });

  test('reads ten thousand rows, each with a problem, in a moment', () => {
    const text = `id,prompt\n${'same,\n'.repeat(10_000)}`;
    expect(problemsOf(text)).toHaveLength(19_999);
  });
});

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
