import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ceiling } from '../../src/contracts/ceiling.ts';
import { CURRENCIES, addCharges } from '../../src/contracts/money.ts';
import type { Charge } from '../../src/contracts/money.ts';
import { EMPTY_LEDGER, committed, doubt, leftUnder, reserve, settle } from '../../src/ledger/ledger.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';

const amount = (max: number) => fc.option(fc.integer({ min: 0, max }), { nil: undefined });
const ceilings: fc.Arbitrary<Ceiling> = fc.record({ credits: amount(50), usdMicros: amount(50_000) });
const bounds: fc.Arbitrary<Charge> = fc.oneof(
  fc.record({ credits: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ usdMicros: fc.integer({ min: 0, max: 9_000 }) }),
  fc.record({ credits: fc.integer({ min: 1, max: 9 }), usdMicros: fc.integer({ min: 1, max: 9_000 }) }),
);
/** One step: a new purchase, or the end of one of those under way, in any order. */
const steps = fc.array(
  fc.record({
    bound: bounds,
    kind: fc.constantFrom('reserve', 'reserve', 'settle', 'refused', 'doubt', 'refund'),
    which: fc.nat(20),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { maxLength: 100 },
);
const partOf = ({ credits = 0, usdMicros = 0 }: Charge, part: number): Charge => ({
  credits: Math.floor(credits * part),
  usdMicros: Math.floor(usdMicros * part),
});
const plain = ({ credits = 0, usdMicros = 0 }: Charge): Charge => ({ credits, usdMicros });

describe('the money of a purse', () => {
  it('is never below zero, never above its ceiling, and every amount in one place, in any order', () => {
    fc.assert(
      fc.property(ceilings, steps, (ceiling, all) => {
        let ledger: Ledger = EMPTY_LEDGER;
        const open: Charge[] = [];
        let [charged, doubtful, refunds]: Charge[] = [{}, {}, {}];
        const wrong: Charge[] = [];
        for (const { bound, kind, which, part } of all) {
          if (kind === 'reserve') {
            const reserved = reserve(ledger, bound, ceiling);
            const room = CURRENCIES.every((one) => {
              const limit = ceiling[one] ?? Number.POSITIVE_INFINITY;
              return !bound[one] || (committed(ledger)[one] ?? 0) + bound[one] <= limit;
            });
            if ((reserved !== undefined) !== room) wrong.push(bound);
            if (!reserved) continue;
            ledger = reserved;
            open.push(bound);
            continue;
          }
          const [ending] = open.splice(which % Math.max(1, open.length), 1);
          if (!ending) continue;
          if (kind === 'doubt') {
            ledger = doubt(ledger, ending);
            doubtful = addCharges(doubtful ?? {}, ending);
            continue;
          }
          const cost = kind === 'refused' ? {} : partOf(ending, part);
          const refund = kind === 'refund' ? cost : {};
          ledger = settle(ledger, ending, cost, refund);
          charged = addCharges(charged ?? {}, cost);
          refunds = addCharges(refunds ?? {}, refund);
        }
        expect(wrong).toEqual([]);
        expect(plain(ledger.reserved)).toEqual(plain(addCharges(...open)));
        expect(plain(ledger.charged)).toEqual(plain(charged ?? {}));
        expect(plain(ledger.possiblySpent)).toEqual(plain(doubtful ?? {}));
        expect(plain(ledger.refundExpected)).toEqual(plain(refunds ?? {}));
        for (const one of CURRENCIES) {
          const used = committed(ledger)[one] ?? 0;
          expect(used).toBeLessThanOrEqual(ceiling[one] ?? Number.POSITIVE_INFINITY);
          const limit = ceiling[one];
          const left = limit === undefined ? undefined : limit - used;
          expect(leftUnder(ceiling, ledger)[one]).toBe(left);
          for (const charge of Object.values(ledger)) {
            expect((charge as Charge)[one] ?? 0).toBeGreaterThanOrEqual(0);
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  it('does not get room by a refund that nobody confirmed, nor by an answer that was lost', () => {
    const ceiling = { credits: 3 };
    const reserved = reserve(EMPTY_LEDGER, { credits: 3 }, ceiling) ?? EMPTY_LEDGER;
    expect(
      reserve(settle(reserved, { credits: 3 }, { credits: 3 }, { credits: 3 }), { credits: 1 }, ceiling),
    ).toBe(undefined);
    expect(reserve(doubt(reserved, { credits: 3 }), { credits: 1 }, ceiling)).toBe(undefined);
    expect(reserve(settle(reserved, { credits: 3 }, {}), { credits: 3 }, ceiling)).toBeDefined();
  });
});
