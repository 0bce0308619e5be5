import { describe, expect, it } from 'vitest';
import type { Submission } from '../../src/contracts/journal.ts';
import { isOwed, lastFailure, nextSubmission } from '../../src/contracts/retry.ts';
import { createJournal } from '../../src/store/journal.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { makeIntent, makeReceipt, makeRefused, makeUnknown, makeVerdict } from '../store/fixtures.ts';

/** Only its tags are used. */
const JOURNAL = createJournal({ location: 'nowhere' } as ObjectStore, 'abc123');
const key = (n: number) => ({ scrapeId: 'scrape/1', n });
const open = (n: number): Submission => ({ ...key(n), intent: makeIntent(JOURNAL, key(n)) });
const bought = (n: number): Submission => ({ ...open(n), receipt: makeReceipt(key(n)) });
const refused = (n: number): Submission => ({ ...open(n), refused: makeRefused(key(n)) });
const unknown = (n: number): Submission => ({ ...open(n), unknown: makeUnknown(key(n)) });
const absent = (n: number): Submission => ({
  ...open(n),
  unknown: makeUnknown({ ...key(n), absent: true, possiblySpent: {} }),
});
const withdrawn = (n: number): Submission => ({
  ...key(n),
  intent: makeIntent(JOURNAL, { ...key(n), withdrawn: true }),
});
const failure = { type: 'TaskFailed', message: 'no answer' } as const;
const failed = (n: number): Submission => ({
  ...bought(n),
  verdict: makeVerdict({ ...key(n), outcome: 'failed', failure }),
});

describe('the submission that a retry buys', () => {
  it.each([
    ['the first of a scrape that was never begun', [], 1],
    ['the same after a refusal, which bought nothing', [refused(1)], 1],
    ['the same after a withdrawal', [failed(1), withdrawn(2)], 2],
    ['the next after a failure', [failed(1)], 2],
    ['the next after a lost answer', [failed(1), unknown(2)], 3],
    ['the next after one that is proven not to have been made', [absent(1)], 2],
    ['the next after one that is still to be collected', [bought(1)], 2],
    ['the next after one of which nobody knows yet', [open(1)], 2],
  ] as const)('is %s', (_words, submissions, n) => expect(nextSubmission(submissions)).toBe(n));
});

describe('what a retry knows of the purchases before it', () => {
  it('is how the last one that cost something ended', () => {
    expect(lastFailure([failed(1)], 2)).toEqual(failure);
    expect(lastFailure([failed(1), unknown(2)], 3)).toMatchObject({ type: 'SubmitOutcomeUnknown' });
    expect(lastFailure([failed(1), absent(2), refused(3)], 4)).toEqual(failure);
  });

  it('is nothing where nothing was bought, or it is still to be found out', () => {
    expect(lastFailure([refused(1)], 1)).toBeUndefined();
    expect(lastFailure([bought(1)], 2)).toBeUndefined();
    expect(lastFailure([open(1)], 2)).toBeUndefined();
  });

  it('is nothing of what the retry bought itself', () => {
    expect(lastFailure([failed(1), unknown(2)], 2)).toEqual(failure);
  });
});

it('is owed what is bought and not collected, or in doubt and not settled', () => {
  const owed = [open(1), bought(1), { ...unknown(1), receipt: makeReceipt(key(1)) }];
  const settled = [refused(1), withdrawn(1), unknown(1), absent(1), failed(1)];
  expect(owed.map(isOwed)).toEqual([true, true, true]);
  expect(settled.map(isOwed)).toEqual([false, false, false, false, false]);
});
