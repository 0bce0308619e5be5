import { join } from 'node:path';
import { expect, it } from 'vitest';
import { journalFiles } from '../../bench/scale/journal-files.ts';
import { openFileStore } from '../../src/store/open-store.ts';
import { makeFolder, makeIntent, makeReceipt, makeRefused, makeUnknown } from '../store/fixtures.ts';

async function openJournal() {
  const folder = join(await makeFolder(), 'store');
  const { journal } = await openFileStore(folder, { simulated: true });
  return { journal, files: journalFiles(folder) };
}

it('calls a purchase open from its intent to its receipt', async () => {
  const { journal, files } = await openJournal();
  const intent = makeIntent(journal);
  expect(await files.readOpen()).toEqual([]);
  await journal.createIntent(intent);
  const { scrapeId, n, createdAt } = intent;
  expect(await files.readOpen()).toEqual([{ scrapeId, n, createdAtMs: Date.parse(createdAt) }]);
  await journal.createReceipt(makeReceipt());
  expect(await files.readOpen()).toEqual([]);
  expect(await files.readAll()).toEqual([
    {
      scrapeId,
      n,
      intentsAtMs: [Date.parse(createdAt)],
      isUnanswered: false,
      receipt: { taskId: 'task-1', credits: 3 },
    },
  ]);
});

it('calls a purchase unanswered for good that was given up as unknown', async () => {
  const { journal, files } = await openJournal();
  await journal.createIntent(makeIntent(journal));
  await journal.createUnknown(makeUnknown());
  expect(await files.readOpen()).toEqual([]);
  expect(await files.readAll()).toMatchObject([{ isUnanswered: true }]);
});

it('looks at the last try: a refused one is answered, the next one is open again', async () => {
  const { journal, files } = await openJournal();
  await journal.createIntent(makeIntent(journal));
  await journal.createRefused(makeRefused());
  expect(await files.readOpen()).toEqual([]);
  await journal.createIntent(makeIntent(journal, { try: 2, nonce: 'nonce-2' }));
  expect(await files.readOpen()).toHaveLength(1);
});

it('does not call a try open that a cancel has withdrawn', async () => {
  const { journal, files } = await openJournal();
  await journal.createIntent(makeIntent(journal, { withdrawn: true }));
  expect(await files.readOpen()).toEqual([]);
  expect(await files.readAll()).toMatchObject([{ intentsAtMs: [], isUnanswered: false }]);
});
