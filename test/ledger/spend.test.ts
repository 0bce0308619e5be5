import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Submission } from '../../src/contracts/journal.ts';
import { buildRecord } from '../../src/ledger/build-record.ts';
import { countsAgainstCeiling, spendOf } from '../../src/ledger/spend.ts';
import { createJournal } from '../../src/store/journal.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { makeIntent, makeReceipt, makeRefused, makeUnknown, makeVerdict } from '../store/fixtures.ts';

/** Only its tags are used. */
const JOURNAL = createJournal({ location: 'nowhere' } as ObjectStore, 'abc123');
const key = (n: number) => ({ scrapeId: 'scrape/1', n });
const bound = { credits: 3 };
const open = (n: number): Submission => ({ ...key(n), intent: makeIntent(JOURNAL, { ...key(n), bound }) });
const bought = (n: number): Submission => ({
  ...open(n),
  receipt: makeReceipt({ ...key(n), charge: bound }),
});
const failed = (n: number): Submission => ({
  ...bought(n),
  verdict: makeVerdict({ ...key(n), outcome: 'failed', charge: bound, refundExpected: bound }),
});
const kinds = {
  open,
  bought,
  failed,
  done: (n: number): Submission => ({
    ...bought(n),
    verdict: makeVerdict({ ...key(n), outcome: 'done', charge: bound }),
  }),
  refused: (n: number): Submission => ({ ...open(n), refused: makeRefused(key(n)) }),
  unknown: (n: number): Submission => ({ ...open(n), unknown: makeUnknown(key(n)) }),
  late: (n: number): Submission => ({ ...bought(n), unknown: makeUnknown(key(n)) }),
};

describe('what a scrape cost', () => {
  it.each([
    ['open', {}, { credits: 3 }, 1],
    ['bought', { credits: 3 }, {}, 1],
    ['failed', { credits: 3 }, {}, 1],
    ['done', { credits: 3 }, {}, 1],
    ['refused', {}, {}, 0],
    ['unknown', {}, { credits: 3 }, 1],
    ['late', { credits: 3 }, {}, 1],
  ] as const)('by a submission that is %s', (kind, charge, possiblySpent, submissions) => {
    expect(spendOf([kinds[kind](1)])).toMatchObject({ charge, possiblySpent, submissions });
  });

  it('is never lowered against a ceiling by a refund that nobody confirmed', () => {
    expect(spendOf([failed(1)]).refundExpected).toEqual({ credits: 3 });
    expect(countsAgainstCeiling(spendOf([failed(1)]))).toEqual({ credits: 3 });
  });

  it('is at most the bound of every submission, and a withdrawn try costs nothing', () => {
    const names = fc.array(fc.constantFrom(...(Object.keys(kinds) as Array<keyof typeof kinds>)), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(names, (chosen) => {
        const submissions = chosen.map((kind, i) => kinds[kind](i + 1));
        const credits = countsAgainstCeiling(spendOf(submissions)).credits ?? 0;
        const costly = chosen.filter((kind) => kind !== 'refused').length;
        expect(credits).toBe(3 * costly);
      }),
    );
    const withdrawn = { ...open(1), intent: makeIntent(JOURNAL, { ...key(1), bound, withdrawn: true }) };
    expect(countsAgainstCeiling(spendOf([withdrawn]))).toEqual({});
  });
});

describe('a record', () => {
  it('is made whole from the journal: money of all submissions, result of the one that brought it', () => {
    const result = { path: 'results/x', bytes: 1, sha256: 'a'.repeat(64), normalized: true };
    const done = {
      ...kinds.done(2),
      verdict: makeVerdict({ ...key(2), outcome: 'done', charge: bound, result }),
    };
    const record = buildRecord(done.intent.ref, [failed(1), done], { outcome: 'done' }, true);
    expect(record).toMatchObject({
      outcome: 'done',
      submissions: 2,
      charge: { credits: 6 },
      refundExpected: { credits: 3 },
      result,
      simulated: true,
    });
  });
});
