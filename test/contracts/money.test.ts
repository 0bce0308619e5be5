import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ceilingFields, ceilingOf, fitsUnder, formatCeiling, leftOf } from '../../src/contracts/ceiling.ts';
import { formatCharge, parseCharge, toMicros, toUsd, totalUsdMicros } from '../../src/contracts/money.ts';

describe('dollars', () => {
  it('are exact micro-dollars, there and back', () => {
    const micros = fc.integer({ min: 0, max: 1e15 });
    fc.assert(
      fc.property(micros, (amount) => {
        expect(toMicros(toUsd(amount))).toBe(amount);
        expect(toMicros(JSON.parse(JSON.stringify(toUsd(amount))) as number)).toBe(amount);
      }),
    );
  });

  it.each([0.1 + 0.2, 0.000_000_1, 1.000_000_5, -0.01, Number.NaN, Infinity, 1e12])('are not %d', (usd) => {
    expect(toMicros(usd)).toBeUndefined();
  });

  it.each([
    [0, 0],
    [-0, 0],
    [0.1, 100_000],
    [1.005, 1_005_000],
    [0.000_001, 1],
    [999_999_999.999_999, 999_999_999_999_999],
  ])('%d are %d micro-dollars', (usd, micros) => {
    expect(toMicros(usd)).toBe(micros);
  });
});

describe('an amount in words', () => {
  it('is read as it is written, and nothing else is', () => {
    const amount = fc.integer({ min: 1, max: 1e12 });
    fc.assert(
      fc.property(fc.record({ credits: amount, usdMicros: amount }), ({ credits, usdMicros }) => {
        for (const charge of [{ credits }, { usdMicros }, { credits, usdMicros }]) {
          expect(parseCharge(formatCharge(charge))).toEqual(charge);
        }
      }),
    );
    expect(parseCharge('0 credits')).toEqual({ credits: 0 });
    expect(parseCharge('$0')).toEqual({ usdMicros: 0 });
  });

  it.each([
    '',
    '5',
    '5 euros',
    '-1 credits',
    '$',
    '$1.0000001',
    '1.5 credits',
    '$1 + $2',
    '3 credits $1',
    'nothing',
  ])('is not %j', (text) => {
    expect(parseCharge(text)).toBeUndefined();
  });
});

describe('a charge for people', () => {
  it.each([
    [{}, 'nothing'],
    [{ credits: 1 }, '1 credit'],
    [{ credits: 423, usdMicros: 1_234_500 }, '423 credits + $1.2345'],
    [{ usdMicros: 1_200_000 }, '$1.20'],
    [{ usdMicros: 450 }, '$0.00045'],
    [{ usdMicros: 12_000_000_000 }, '$12000.00'],
  ])('%j is %s', (charge, text) => {
    expect(formatCharge(charge)).toBe(text);
  });

  it('is one amount where it is known what a credit costs', () => {
    expect(totalUsdMicros({ credits: 3, usdMicros: 500 }, 0.000_98)).toBe(3_440);
    expect(totalUsdMicros({ credits: 3 }, undefined)).toBeUndefined();
    expect(totalUsdMicros({ usdMicros: 500 }, undefined)).toBe(500);
  });
});

describe('a ceiling', () => {
  it('is absent, or in one currency, or in both', () => {
    expect(ceilingOf({})).toBeUndefined();
    expect(ceilingOf({ maxCredits: 0 })).toEqual({ credits: 0 });
    expect(ceilingOf({ maxUsd: 0.5 })).toEqual({ usdMicros: 500_000 });
    expect(ceilingFields({ credits: 9, usdMicros: 1 })).toEqual({ maxCredits: 9, maxUsd: 0.000_001 });
    expect(formatCeiling({ credits: 0, usdMicros: 0 })).toBe('0 credits + $0.00');
  });

  it('needs room in a currency only of what is billed in it', () => {
    expect(fitsUnder({ usdMicros: 600 }, { credits: 0 })).toBe(true);
    expect(fitsUnder({ usdMicros: 600 }, { credits: 9, usdMicros: 599 })).toBe(false);
    expect(fitsUnder({ credits: 3, usdMicros: 600 }, { credits: 2, usdMicros: 600 })).toBe(false);
    expect(fitsUnder({}, leftOf({ credits: 3, usdMicros: 5 }, { credits: 9, usdMicros: 9 }))).toBe(true);
  });
});
