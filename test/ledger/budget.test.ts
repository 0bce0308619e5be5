import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ceiling } from '../../src/contracts/ceiling.ts';
import { CURRENCIES, addCharges, withoutCharge } from '../../src/contracts/money.ts';
import type { Charge } from '../../src/contracts/money.ts';
import { Budget } from '../../src/ledger/budget.ts';

const amount = (max: number) => fc.option(fc.integer({ min: 0, max }), { nil: undefined });
/** With or without a ceiling in each currency, one of them much finer than the other. */
const ceilings: fc.Arbitrary<Ceiling> = fc.record({ credits: amount(60), usdMicros: amount(60_000) });
/** Mostly in one currency, as providers bill, and sometimes in both. */
const bounds: fc.Arbitrary<Charge> = fc.oneof(
  fc.record({ credits: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ usdMicros: fc.integer({ min: 0, max: 9_000 }) }),
  fc.record({ credits: fc.integer({ min: 1, max: 9 }), usdMicros: fc.integer({ min: 1, max: 9_000 }) }),
);
const share = fc.double({ min: 0, max: 1, noNaN: true });
const steps = fc.array(fc.record({ bound: bounds, share, which: fc.nat(9), ends: fc.boolean() }), {
  maxLength: 80,
});

const partOf = ({ credits = 0, usdMicros = 0 }: Charge, part: number): Charge => ({
  credits: Math.round(credits * part),
  usdMicros: Math.round(usdMicros * part),
});

/** What a ceiling leaves, written out anew; a currency without one is absent. */
const leftUnder = (ceiling: Ceiling, spent: Charge): Ceiling =>
  Object.fromEntries(
    CURRENCIES.flatMap((one) => {
      const limit = ceiling[one];
      return limit === undefined ? [] : [[one, limit - (spent[one] ?? 0)]];
    }),
  );
const amounts = (charge: Charge): number[] => Object.values(charge);

describe('a ceiling in two currencies, shared by scrapes that run at once', () => {
  it('is never granted beyond in either, in any order of grants and endings, and never below zero', () => {
    fc.assert(
      fc.property(ceilings, steps, (ceiling, all) => {
        const budget = new Budget(ceiling);
        const open: Charge[] = [];
        let spent: Charge = {};
        for (const { bound, share, which, ends } of all) {
          const { left } = budget;
          const ending = ends ? open.splice(which % Math.max(1, open.length), 1) : [];
          for (const granted of ending) {
            const used = partOf(granted, share);
            spent = addCharges(spent, used);
            budget.settle(granted, used);
          }
          const fits = CURRENCIES.every((one) => !bound[one] || bound[one] <= (left[one] ?? Infinity));
          const granted = !ends && budget.grant(bound);
          expect(granted).toBe(!ends && fits);
          if (granted) open.push(bound);
          expect(budget.left).toEqual(leftUnder(ceiling, addCharges(spent, ...open)));
          expect(Math.min(0, ...amounts(budget.left))).toBe(0);
        }
        for (const granted of open) budget.settle(granted, {});
        expect(budget.left).toEqual(leftUnder(ceiling, spent));
      }),
      { numRuns: 400 },
    );
  });

  it('makes a scrape wait only while somebody holds what is short, and then there may be room', () => {
    fc.assert(
      fc.property(ceilings, fc.array(bounds, { maxLength: 20 }), bounds, (ceiling, others, wanted) => {
        const budget = new Budget(ceiling);
        const open = others.filter((bound) => budget.grant(bound));
        const held = addCharges(...open);
        const missing = withoutCharge(wanted, budget.left);
        const short = CURRENCIES.filter((one) => ceiling[one] !== undefined && missing[one]);
        const waits = budget.mayBeGrantedLater(wanted);
        expect(waits).toBe(short.every((one) => (held[one] ?? 0) > 0));
        for (const granted of open) budget.settle(granted, {});
        // One that does not wait was granted at once, or waiting would have been in vain.
        expect(!waits && budget.grant(wanted)).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  it('stays shut after a scrape that cost more than it was granted, and is still not below zero', () => {
    const budget = new Budget({ usdMicros: 1_000 });
    expect(budget.grant({ usdMicros: 600 })).toBe(true);
    budget.settle({ usdMicros: 600 }, { usdMicros: 1_200 });
    expect(budget.left).toEqual({ usdMicros: 0 });
    expect(budget.grant({ usdMicros: 1 })).toBe(false);
    expect(budget.grant({ credits: 5 })).toBe(true);
  });

  it('grants everything where there is none', () => {
    const budget = new Budget();
    expect(budget.grant({ credits: 1_000_000, usdMicros: 1_000_000 })).toBe(true);
    expect(budget.left).toEqual({});
  });
});
