import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Budget } from '../../src/workflows/budget.ts';

describe('a ceiling shared by scrapes that run at once', () => {
  it('is never granted beyond, in any order of grants and endings', () => {
    const step = fc.record({
      bound: fc.integer({ min: 1, max: 9 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.array(step, { maxLength: 60 }), (limit, steps) => {
        const budget = new Budget(limit);
        const open: number[] = [];
        let spent = 0;
        for (const { bound, share } of steps) {
          if (share > 0.5 && open.length > 0) {
            const granted = open.shift() ?? 0;
            const used = Math.round(granted * share);
            spent += used;
            budget.settle(granted, used);
          } else if (budget.grant(bound)) {
            open.push(bound);
          }
          const committed = spent + open.reduce((a, b) => a + b, 0);
          expect(committed).toBeLessThanOrEqual(limit);
          expect(budget.left).toBe(limit - committed);
        }
      }),
    );
  });

  it('grants everything where there is none', () => {
    const budget = new Budget(undefined);
    expect(budget.grant(1_000_000)).toBe(true);
    expect(budget.left).toBe(Number.POSITIVE_INFINITY);
  });
});
