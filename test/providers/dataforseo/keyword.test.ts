import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { escapeKeyword } from '../../../src/providers/dataforseo/keyword.ts';

/** What the vendor's server does to a keyword: `%xx` is decoded, then nothing but `+` is special. */
function decodeAsServer(keyword: string): string {
  const bytes: number[] = [];
  for (let i = 0; i < keyword.length; i++) {
    const hex = /^%([0-9a-f]{2})/i.exec(keyword.slice(i, i + 3))?.[1];
    if (hex !== undefined) {
      bytes.push(Number.parseInt(hex, 16));
      i += 2;
    } else if (keyword[i] === '+') bytes.push(0x20);
    else {
      const char = String.fromCodePoint(keyword.codePointAt(i) ?? 0);
      bytes.push(...Buffer.from(char));
      i += char.length - 1;
    }
  }
  return Buffer.from(bytes).toString();
}

it('keeps every prompt through the server’s decoding', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[%+0-9A-Fa-f ]*$/)), (prompt) => {
      expect(decodeAsServer(escapeKeyword(prompt))).toBe(prompt);
    }),
  );
});

it.each([
  ['C++ or C%23', 'C%2B%2B or C%2523'],
  ['100%', '100%25'],
  ['plain words', 'plain words'],
])('writes %s as %s', (prompt, escaped) => {
  expect(escapeKeyword(prompt)).toBe(escaped);
});

it('is needed: without it the meaning changes', () => {
  expect(decodeAsServer('C++')).toBe('C  ');
});
