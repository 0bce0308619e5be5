import { expect, test } from 'vitest';
import { formatProblems, showValue } from '../../src/contracts/schemas/problems.ts';

test('prints the first fifty problems and how many more there are', () => {
  const problems = Array.from({ length: 263 }, (_, index) => ({
    field: `line ${index + 2}`,
    message: 'is wrong',
  }));
  const lines = formatProblems(problems);
  expect(lines).toHaveLength(51);
  expect(lines[49]).toBe('line 51: is wrong');
  expect(lines[50]).toBe('and 213 more');
  expect(formatProblems(problems.slice(0, 50))).toHaveLength(50);
});

test('shows a value as JSON, and something for what has none', () => {
  expect([undefined, null, 'a"b', Number.NaN, () => 1].map((value) => showValue(value))).toEqual([
    'nothing',
    'null',
    '"a\\"b"',
    'NaN',
    'function',
  ]);
});
