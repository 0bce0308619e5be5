import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFileObjectStore } from '../../src/store/file-object-store.ts';
import { openFileStore, openStore } from '../../src/store/open-store.ts';
import { makeFolder, makeIntent, SCRAPE_ID, storeErrorOf } from './fixtures.ts';

test('makes a store once and finds the same one after', async () => {
  const folder = join(await makeFolder(), 'not', 'yet', 'there');
  const first = await openFileStore(folder, { simulated: false });
  expect(first.location).toBe(folder);
  expect(first.owner.tagPrefix).toMatch(/^[a-z0-9]{6}$/);
  const second = await openStore(createFileObjectStore(folder), { simulated: false });
  expect(second.owner).toEqual(first.owner);
  expect(second.journal.tag(SCRAPE_ID, 1)).toBe(first.journal.tag(SCRAPE_ID, 1));
});

test('gives all who open a new store at once the same owner', async () => {
  const folder = await makeFolder();
  const stores = await Promise.all(
    Array.from({ length: 20 }, () => openFileStore(folder, { simulated: false })),
  );
  expect(new Set(stores.map((store) => store.owner.storeId)).size).toBe(1);
});

test('gives two stores different tags for the same scrape', async () => {
  const [one, two] = await Promise.all(
    [await makeFolder(), await makeFolder()].map((folder) => openFileStore(folder, { simulated: false })),
  );
  expect(one?.journal.tag(SCRAPE_ID, 1)).not.toBe(two?.journal.tag(SCRAPE_ID, 1));
});

test.each([true, false])(
  'does not open a store of the other kind (store simulated: %s), and says what to set',
  async (simulated) => {
    const folder = await makeFolder();
    await openFileStore(folder, { simulated });
    const error = await storeErrorOf(openFileStore(folder, { simulated: !simulated }));
    expect(error.message).toContain(folder);
    expect(error.message).toContain(
      simulated
        ? 'holds SIMULATED scrapes, but this run makes real, paid'
        : 'holds real, paid scrapes, but this run makes SIMULATED',
    );
    expect(error.message).toContain('GLEANER_STORE');
  },
);

test('refuses a damaged owner and leaves it as it is', async () => {
  const folder = await makeFolder();
  await openFileStore(folder, { simulated: false });
  await truncate(join(folder, 'owner.json'), 30);
  const error = await storeErrorOf(openFileStore(folder, { simulated: false }));
  expect(error.kind).toBe('damaged');
  expect(error.message).toContain(join(folder, 'owner.json'));
  expect((await readFile(join(folder, 'owner.json'))).length).toBe(30);
});

test('does not give a journal a new owner: its entries would not be found and all would be bought again', async () => {
  const folder = await makeFolder();
  const { journal } = await openFileStore(folder, { simulated: false });
  await journal.createIntent(makeIntent(journal));
  await rm(join(folder, 'owner.json'));
  const error = await storeErrorOf(openFileStore(folder, { simulated: false }));
  expect(error.kind).toBe('damaged');
  expect(error.message).toContain('owner.json is damaged: it is missing, but there is a journal');
  expect(await readdir(folder)).not.toContain('owner.json');
});

test('leaves what else is in the folder alone', async () => {
  const folder = await makeFolder();
  await mkdir(join(folder, 'mine'));
  await writeFile(join(folder, 'notes.txt'), 'mine');
  await openFileStore(folder, { simulated: true });
  expect((await readdir(folder)).sort()).toEqual(['mine', 'notes.txt', 'owner.json', 'tmp']);
});
