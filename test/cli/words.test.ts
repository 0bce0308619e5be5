import { describe, expect, it } from 'vitest';
import { collectList, collectParam, parseNumber, parseUsd, parseWhole } from '../../src/cli/option-values.ts';
import { defaultBatchName } from '../../src/cli/read-manifest-file.ts';
import { toCsvLine } from '../../src/cli/result-rows.ts';
import { batchExitCode, describeMoney, describeProgress } from '../../src/cli/show-batch.ts';
import { describeAnswer } from '../../src/cli/show-scrape.ts';
import { emptyCounts } from '../../src/contracts/outcomes.ts';

describe('options', () => {
  it('become numbers, truths and texts as they look, once each', () => {
    const params = ['a=1', 'b=TRUE', 'c=x=y', 'd=-1.5', 'e='].reduce(
      (all, text) => collectParam(text, all),
      {},
    );
    expect(params).toEqual({ a: 1, b: true, c: 'x=y', d: -1.5, e: '' });
    expect(() => collectParam('a=2', params)).toThrow('given twice');
    expect(() => collectParam('=2')).toThrow('key=value');
  });

  it('are refused outside their limits', () => {
    expect(parseWhole(1, 10)('10')).toBe(10);
    for (const text of ['0', '11', '1.5', '', 'x', '-1'])
      expect(() => parseWhole(1, 10)(text)).toThrow('from 1 to 10');
    expect(() => parseNumber(0.1, 5)(' ')).toThrow('from 0.1 to 5');
    expect(parseUsd('1.234567')).toBe(1.234_567);
    for (const text of ['-1', '1e3', '0.0000001', '$1', '', '1,5'])
      expect(() => parseUsd(text)).toThrow('dollars such as 1.25');
    expect(collectList('b, c', ['a'])).toEqual(['a', 'b', 'c']);
  });
});

it.each([
  ['prompts.csv', 'prompts-2026-11-03'],
  ['/some/folder/my prompts (new).jsonl', 'my-prompts-new-2026-11-03'],
  ['日本.csv', 'batch-2026-11-03'],
])('a batch of %s is named %s', (path, name) => {
  expect(defaultBatchName(path, new Date(2026, 10, 3))).toBe(name);
});

it('quotes CSV cells, and takes the power from formulas', () => {
  expect(toCsvLine(['plain', 'a,b', 'say "x"', 'two\nlines', '=1+1', '-x'])).toBe(
    `plain,"a,b","say ""x""","two\nlines",'=1+1,'-x`,
  );
});

describe('a batch in one line', () => {
  const progress = {
    batchId: 'batch/x',
    total: 4,
    counts: { ...emptyCounts(), done: 2, unknown: 1, open: 1 },
    charge: { credits: 6 },
    possiblySpent: { credits: 3 },
    refundExpected: {},
  };
  it('counts what is in and names money that may be gone', () => {
    expect(describeProgress(progress)).toBe(
      '3 of 4 in: 2 done, 1 unknown · 1 open · charged 6 credits · possibly spent 3 credits more',
    );
  });
  it('says its money in both currencies, and in one where it is known what a credit costs', () => {
    const mixed = { ...progress, charge: { credits: 423, usdMicros: 1_234_500 }, possiblySpent: {} };
    expect(describeProgress(mixed)).toContain('charged 423 credits + $1.2345');
    expect(describeMoney(mixed)).toBe('spent 423 credits + $1.2345');
    expect(describeMoney(mixed, 0.001)).toBe('spent 423 credits + $1.2345 ($1.6575 in all)');
    expect(describeMoney({ ...mixed, charge: { usdMicros: 600 } }, 0.001)).toBe('spent $0.0006');
  });
  it('is a success only when every scrape is', () => {
    expect(batchExitCode(progress)).toBe(3);
    expect(batchExitCode({ counts: { ...emptyCounts(), done: 2, open: 1 } })).toBe(3);
    expect(batchExitCode({ counts: { ...emptyCounts(), done: 2, empty: 1 } })).toBe(0);
  });
});

it('shows an answer without what could take over the terminal', () => {
  const text = `\u001B[2Jgone\u0007\nnext`;
  const answer = { text, citations: [{ url: 'https://a.example/\u001B]0;x', domain: 'a.example' }] };
  const lines = describeAnswer({ ...answer, scraper: 'scrapellm/grok' } as never);
  expect(lines).toEqual(['[2Jgone', 'next', '', 'cites:', '  1. https://a.example/]0;x']);
});
