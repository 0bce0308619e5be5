import { describe, expect, it } from 'vitest';
import { createFileObjectStore } from '../../src/store/file-object-store.ts';
import { createJournal } from '../../src/store/journal.ts';
import { intentSchema } from '../../src/store/journal-schemas.ts';
import { makeIntent } from './fixtures.ts';

// Nothing is written: it only gives the mark.
const intent = makeIntent(createJournal(createFileObjectStore('nowhere'), 'abc123'));

describe('an intent', () => {
  it('keeps the number of the retry that bought it', () => {
    expect(intentSchema.parse({ ...intent, retry: 2 })).toHaveProperty('retry', 2);
  });

  it.each(['1', 0, 1.5, null])('is damaged if the number of its retry is %j', (retry) => {
    const { error } = intentSchema.safeParse({ ...intent, retry });
    expect(error?.issues.map(({ path }) => path)).toEqual([['retry']]);
  });
});
