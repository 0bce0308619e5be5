import { expect, it } from 'vitest';
import { readUnreserved } from '../../src/ledger/opening.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { createJournal } from '../../src/store/journal.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { makeIntent } from '../store/fixtures.ts';

/** Only its tags are used. */
const JOURNAL = createJournal({ location: 'nowhere' } as ObjectStore, 'abc123');

it('counts what was bought without a line, and leaves out a damaged entry instead of stopping all buying', async () => {
  const intent = makeIntent(JOURNAL);
  const submission = { scrapeId: intent.scrapeId, n: 1, intent, tries: 1, duplicates: [] };
  const journal = {
    tags: async () => ['damaged', intent.tag],
    findByTag: async (tag: string) => {
      if (tag === 'damaged') throw new StoreError('damaged', 'journal/x', 'a file is cut');
      return submission as never; // what is read of it
    },
  };
  const where = {
    provider: 'scrapellm',
    account: intent.account,
    month: intent.createdAt.slice(0, 7),
  } as const;
  const bought = await readUnreserved(journal, where, 0);
  expect([...bought]).toEqual([[intent.createdAt.slice(0, 10), intent.bound]]);
  const gone = {
    ...journal,
    findByTag: async () => Promise.reject(new StoreError('unavailable', 'journal/x', 'no disk')),
  };
  await expect(readUnreserved(gone, where, 0)).rejects.toThrow('no disk');
});
