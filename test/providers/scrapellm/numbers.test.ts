import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCount, parseRating } from '../../../src/providers/scrapellm/numbers.ts';

describe('parseRating', () => {
  it.each([
    [4.5, 4.5],
    ['4.5', 4.5],
    ['4.5 out of 5', 4.5],
    ['4,5 von 5', 4.5],
    ['5', 5],
    ['no rating', undefined],
    ['', undefined],
    [undefined, undefined],
    [Number.NaN, undefined],
  ])('reads %j as %s', (text, rating) => {
    expect(parseRating(text)).toBe(rating);
  });
});

describe('parseCount', () => {
  it.each([
    [12, 12],
    ['1,234', 1_234],
    ['1.234.567', 1_234_567],
    ['(1 234 ratings)', 1_234],
    ["1'234", 1_234],
    ['1.2K', 1_200],
    ['3,4 M', 3_400_000],
    ['12K+ bought', 12_000],
    ['5 kg', 5],
    ['none', undefined],
    ['', undefined],
    [undefined, undefined],
    [-1, undefined],
  ])('reads %j as %s', (text, count) => {
    expect(parseCount(text)).toBe(count);
  });

  it('reads back every number that it could have been given', () => {
    fc.assert(
      fc.property(
        fc.nat(10_000_000),
        fc.constantFrom('en-US', 'de-DE', 'fr-FR', 'de-CH'),
        (count, locale) => {
          expect(parseCount(`${count.toLocaleString(locale)} reviews`)).toBe(count);
        },
      ),
    );
  });
});
