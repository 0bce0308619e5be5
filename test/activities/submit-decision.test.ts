import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideSubmit } from '../../src/activities/submit-decision.ts';
import type { Submission } from '../../src/contracts/journal.ts';
import { createJournal } from '../../src/store/journal.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { makeIntent, makeReceipt, makeRefused, makeUnknown, makeVerdict } from '../store/fixtures.ts';

/** Only its tags are used. */
const JOURNAL = createJournal({ location: 'nowhere' } as ObjectStore, 'abc123');
const key = (n: number) => ({ scrapeId: 'scrape/1', n });
const open = (n: number, attempt = 1): Submission => ({
  ...key(n),
  intent: makeIntent(JOURNAL, { ...key(n), try: attempt }),
});
const bought = (n: number): Submission => ({ ...open(n), receipt: makeReceipt(key(n)) });
const ended = (n: number, outcome: 'done' | 'empty' | 'failed' | 'expired'): Submission => ({
  ...bought(n),
  verdict: makeVerdict({ ...key(n), outcome }),
});
const refused = (n: number, attempt = 1): Submission => ({
  ...open(n, attempt),
  refused: makeRefused({ ...key(n), try: attempt }),
});
const unknown = (n: number): Submission => ({ ...open(n), unknown: makeUnknown(key(n)) });

describe('what the journal says must happen', () => {
  it('is to buy when nothing is written', () => {
    expect(decideSubmit([], 1)).toEqual({ kind: 'buy', try: 1 });
  });

  it('is to go on with the next try after a refusal or a withdrawal', () => {
    expect(decideSubmit([refused(1, 4)], 1)).toEqual({ kind: 'buy', try: 5 });
    const withdrawn = { ...open(1, 2), intent: makeIntent(JOURNAL, { ...key(1), try: 2, withdrawn: true }) };
    expect(decideSubmit([withdrawn], 1)).toEqual({ kind: 'buy', try: 3 });
  });

  it('is never to buy beside an intent without an answer', () => {
    expect(decideSubmit([open(1)], 1)).toMatchObject({ kind: 'open' });
    // Nor to end while a later submission may have gone through: a new run asks for the first one first.
    expect(decideSubmit([ended(1, 'failed'), open(2)], 1)).toMatchObject({ kind: 'open', intent: { n: 2 } });
  });

  it('is to collect a receipt, also one that came after its submission was given up', () => {
    expect(decideSubmit([bought(1)], 1)).toMatchObject({ kind: 'receipt' });
    expect(decideSubmit([{ ...unknown(1), receipt: makeReceipt(key(1)) }], 1)).toMatchObject({
      kind: 'receipt',
    });
  });

  it('is to adopt a late result of an earlier submission instead of buying the next', () => {
    expect(decideSubmit([{ ...unknown(1), receipt: makeReceipt(key(1)) }], 2)).toMatchObject({
      kind: 'receipt',
    });
  });

  it('is to return what ended or is unknown', () => {
    expect(decideSubmit([ended(1, 'failed')], 1)).toMatchObject({ kind: 'ended' });
    expect(decideSubmit([ended(1, 'expired')], 1)).toMatchObject({ kind: 'ended' });
    expect(decideSubmit([unknown(1)], 1)).toMatchObject({ kind: 'unknown' });
    expect(decideSubmit([ended(1, 'failed')], 2)).toEqual({ kind: 'buy', try: 1 });
  });

  it('is to buy only if no result is stored, nothing paid is uncollected, and this submission sent nothing', () => {
    const submission = fc.constantFrom(
      open,
      bought,
      refused,
      unknown,
      (n: number) => ended(n, 'failed'),
      (n: number) => ended(n, 'done'),
    );
    const journal = fc
      .array(submission, { maxLength: 4 })
      .map((makers) => makers.map((make, i) => make(i + 1)));
    fc.assert(
      fc.property(journal, fc.integer({ min: 1, max: 5 }), (submissions, n) => {
        if (decideSubmit(submissions, n).kind !== 'buy') return;
        const mine = submissions.find((candidate) => candidate.n === n);
        expect(mine === undefined || mine.refused !== undefined).toBe(true);
        for (const { receipt, verdict } of submissions) {
          expect(receipt !== undefined && verdict === undefined).toBe(false);
          expect(verdict?.outcome).not.toBe('done');
        }
      }),
    );
  });
});
