import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ceiling } from '../../src/contracts/ceiling.ts';
import { CURRENCIES, addCharges, withoutCharge } from '../../src/contracts/money.ts';
import type { Charge } from '../../src/contracts/money.ts';
import { Budget } from '../../src/workflows/budget.ts';

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

describe('a ceiling in two currencies, shared by scrapes that run at once', () => {
  it('is never granted beyond in either, in any order of grants and endings, and never below zero', () => {
    fc.assert(
      fc.property(ceilings, steps, (ceiling, all) => {
        const budget = new Budget(ceiling);
        const open: Charge[] = [];
        let spent: Charge = {};
        for (const step of all) {
          const before = budget.left;
          if (step.ends && open.length > 0) {
            const [granted = {}] = open.splice(step.which % open.length, 1);
            const used = partOf(granted, step.share);
            spent = addCharges(spent, used);
            budget.settle(granted, used);
          } else {
            const granted = budget.grant(step.bound);
            expect(granted).toBe(
              CURRENCIES.every((one) => !step.bound[one] || step.bound[one] <= (before[one] ?? Infinity)),
            );
            if (granted) open.push(step.bound);
          }
          const committed = addCharges(spent, ...open);
          for (const one of CURRENCIES) {
            const limit = ceiling[one];
            if (limit === undefined) expect(budget.left[one]).toBeUndefined();
            else {
              expect(committed[one] ?? 0).toBeLessThanOrEqual(limit);
              expect(budget.left[one]).toBe(limit - (committed[one] ?? 0));
            }
          }
        }
        for (const granted of open) budget.settle(granted, {});
        for (const one of CURRENCIES) {
          const limit = ceiling[one];
          if (limit !== undefined) expect(budget.left[one]).toBe(limit - (spent[one] ?? 0));
        }
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
        expect(budget.mayBeGrantedLater(wanted)).toBe(short.every((one) => (held[one] ?? 0) > 0));
        if (short.length > 0 && !budget.mayBeGrantedLater(wanted)) {
          for (const granted of open) budget.settle(granted, {});
          expect(budget.grant(wanted)).toBe(false); // waiting would have been in vain
        }
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
