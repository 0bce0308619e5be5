import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumProgress } from '../../src/contracts/batch-sums.ts';
import { OUTCOMES } from '../../src/contracts/outcomes.ts';
import { Tally, describeProgress } from '../../src/workflows/tally.ts';

const free = { charge: {}, possiblySpent: {}, refundExpected: {} };

describe('the counts of a batch', () => {
  it('always add up to its total, open ones included', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...OUTCOMES), { maxLength: 50 }), fc.nat(20), (outcomes, open) => {
        const tally = new Tally('batch/x', outcomes.length + open);
        for (const outcome of outcomes) {
          tally.add({ outcome, ...free, charge: { credits: 3 } });
          const sum = Object.values(tally.counts).reduce((a, b) => a + b, 0);
          expect(sum).toBe(tally.total);
        }
        expect(tally.counts.open).toBe(open);
        expect(tally.charge.credits ?? 0).toBe(3 * outcomes.length);
      }),
    );
  });

  it('of partitions that have not begun are open', () => {
    const part = new Tally('batch/x', 2);
    part.add({ outcome: 'done', ...free, charge: { credits: 3 } });
    const sum = sumProgress('batch/x', 10, [part.snapshot()]);
    expect(sum.counts).toMatchObject({ done: 1, open: 9 });
    expect(sum.charge).toEqual({ credits: 3 });
  });

  it('read as one line', () => {
    const tally = new Tally('batch/x', 3);
    tally.add({ outcome: 'done', ...free });
    tally.add({ outcome: 'failed', ...free });
    expect(describeProgress(tally.snapshot(), '6 credits')).toBe(
      '2 of 3 in: 1 done, 1 failed; 1 open; 6 credits',
    );
  });
});
