import { expect, it } from 'vitest';
import type { CapUse } from '../../src/contracts/caps.ts';
import type { Submission } from '../../src/contracts/journal.ts';
import { countUse } from '../../src/ledger/count-use.ts';
import { createJournal } from '../../src/store/journal.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { makeIntent, makeUnknown } from '../store/fixtures.ts';

/** Only its tags are used. */
const JOURNAL = createJournal({ location: 'nowhere' } as ObjectStore, 'abc123');

it('counts what was taken for absent and turned out to be bought', () => {
  const key = { scrapeId: 'scrape/1', n: 1 };
  const intent = makeIntent(JOURNAL, { ...key, try: 1, grant: 'line-1' });
  const { ref, fingerprint, bound } = intent;
  const use: CapUse = { ...key, try: 1, ref, fingerprint, bound };
  const absent: Submission = {
    ...key,
    intent,
    unknown: makeUnknown({ ...key, possiblySpent: {}, absent: true }),
  };
  expect(countUse(use, 'line-1', absent)).toEqual({ kind: 'settled', charge: {} });
  const charge = { usdMicros: 600 };
  const duplicates = [{ ...key, taskId: 'late', charge, submittedAt: intent.createdAt }];
  expect(countUse(use, 'line-1', { ...absent, duplicates })).toEqual({ kind: 'settled', charge });
});
