import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFileObjectStore } from '../../src/store/file-object-store.ts';
import { createJournal } from '../../src/store/journal.ts';
import type { Journal } from '../../src/store/store.ts';
import {
  makeFolder,
  makeIntent,
  makeReceipt,
  makeRefused,
  makeUnknown,
  makeVerdict,
  SCRAPE_ID,
  storeErrorOf,
} from './fixtures.ts';

async function open(): Promise<{ journal: Journal; pathOf: (name: string, n?: number) => string }> {
  const folder = await makeFolder();
  const journal = createJournal(createFileObjectStore(folder), 'abc123');
  const pathOf = (name: string, n = 1): string => {
    const tag = journal.tag(SCRAPE_ID, n);
    return join(folder, 'journal', tag.slice(7, 9), tag, name);
  };
  return { journal, pathOf };
}

test('marks a submission by prefix and hash, the same at every call and another for every submission', async () => {
  const { journal } = await open();
  expect(journal.tag(SCRAPE_ID, 1)).toMatch(/^abc123-[0-9a-f]{26}$/);
  expect(journal.tag(SCRAPE_ID, 1)).toBe(journal.tag(SCRAPE_ID, 1));
  const others = [journal.tag(SCRAPE_ID, 2), journal.tag(`${SCRAPE_ID}1`, 1), journal.tag(SCRAPE_ID, 11)];
  expect(new Set([journal.tag(SCRAPE_ID, 1), ...others]).size).toBe(4);
});

test('finds a submission by its mark, with everything that is written of it', async () => {
  const { journal } = await open();
  await journal.createIntent(makeIntent(journal, { n: 2 }));
  await journal.createReceipt(makeReceipt({ n: 2 }));
  const found = await journal.findByTag(journal.tag(SCRAPE_ID, 2));
  expect(journal.isOwn(journal.tag(SCRAPE_ID, 2))).toBe(true);
  expect(found).toMatchObject({ scrapeId: SCRAPE_ID, n: 2, receipt: makeReceipt({ n: 2 }) });
  expect(await journal.findByTag(journal.tag(SCRAPE_ID, 1))).toBeUndefined();
});

test.each([
  ['of another store', 'zzz999-0123456789abcdef0123456789'],
  ['that climbs out of the store', 'abc123-../../../../../owner.json00'],
  ['that is too long', 'abc123-0123456789abcdef01234567890'],
  ['that is empty', ''],
])('finds nothing under a mark %s', async (_, tag) => {
  const { journal } = await open();
  expect(await journal.findByTag(tag)).toBeUndefined();
  expect(journal.isOwn(tag)).toBe(false);
});

test('finds nothing under a mark whose folder holds another submission, and says so', async () => {
  const { journal, pathOf } = await open();
  await journal.createIntent(makeIntent(journal));
  await journal.createIntent(makeIntent(journal, { n: 2 }));
  await writeFile(pathOf('0001-intent.json', 2), await readFile(pathOf('0001-intent.json', 1)));
  const error = await storeErrorOf(journal.findByTag(journal.tag(SCRAPE_ID, 2)));
  expect(error.message).toContain(`it belongs to submission 1 of ${SCRAPE_ID}`);
});

test('knows nothing of a submission that was never begun', async () => {
  const { journal } = await open();
  expect(await journal.read(SCRAPE_ID, 1)).toBeUndefined();
  expect(await journal.readAll(SCRAPE_ID)).toEqual([]);
});

test('grants an intent to one nonce, also when that one asks again', async () => {
  const { journal } = await open();
  const mine = makeIntent(journal);
  expect(await journal.createIntent(mine)).toBe(true);
  expect(await journal.createIntent({ ...mine, createdAt: '2030-01-01T00:00:00.000Z' })).toBe(true);
  expect(await journal.createIntent({ ...mine, nonce: 'another' })).toBe(false);
  expect(await journal.read(SCRAPE_ID, 1)).toEqual({ scrapeId: SCRAPE_ID, n: 1, intent: mine });
});

test('grants a raced intent to exactly one of many', async () => {
  const { journal } = await open();
  const nonces = Array.from({ length: 30 }, (_, i) => `nonce-${i}`);
  const won = await Promise.all(nonces.map((nonce) => journal.createIntent(makeIntent(journal, { nonce }))));
  const winners = nonces.filter((_, i) => won[i]);
  expect(winners).toHaveLength(1);
  expect((await journal.read(SCRAPE_ID, 1))?.intent.nonce).toBe(winners[0]);
});

test('shows the last try: a refused one, and after it the next intent without a refusal', async () => {
  const { journal } = await open();
  await journal.createIntent(makeIntent(journal));
  await journal.createRefused(makeRefused());
  expect((await journal.read(SCRAPE_ID, 1))?.refused).toEqual(makeRefused());
  const second = makeIntent(journal, { try: 2, nonce: 'nonce-2' });
  expect(await journal.createIntent(second)).toBe(true);
  expect(await journal.read(SCRAPE_ID, 1)).toEqual({ scrapeId: SCRAPE_ID, n: 1, intent: second });
});

test('finds the last of many tries', async () => {
  const { journal, pathOf } = await open();
  await journal.createIntent(makeIntent(journal));
  for (let n = 1; n <= 10; n++) {
    await journal.createRefused(makeRefused({ try: n }));
    await journal.createIntent(makeIntent(journal, { try: n + 1 }));
  }
  expect((await journal.read(SCRAPE_ID, 1))?.intent.try).toBe(11);
  await expect(readFile(pathOf('0010-refused.json'), 'utf8')).resolves.toContain('"try":10');
});

test('keeps a late receipt beside the unknown that was written before it', async () => {
  const { journal } = await open();
  const intent = makeIntent(journal);
  await journal.createIntent(intent);
  await journal.createUnknown(makeUnknown());
  await journal.createReceipt(makeReceipt());
  expect(await journal.read(SCRAPE_ID, 1)).toEqual({
    scrapeId: SCRAPE_ID,
    n: 1,
    intent,
    unknown: makeUnknown(),
    receipt: makeReceipt(),
  });
});

test('keeps what was written first when a refusal, receipt or unknown is written again', async () => {
  const { journal } = await open();
  await journal.createIntent(makeIntent(journal));
  const later = '2030-01-01T00:00:00.000Z';
  await journal.createRefused(makeRefused());
  await journal.createRefused(makeRefused({ at: later }));
  await journal.createUnknown(makeUnknown());
  await journal.createUnknown(makeUnknown({ at: later }));
  await journal.createReceipt(makeReceipt());
  await journal.createReceipt(makeReceipt({ submittedAt: later }));
  expect(await journal.read(SCRAPE_ID, 1)).toMatchObject({
    refused: makeRefused(),
    unknown: makeUnknown(),
    receipt: makeReceipt(),
  });
});

test('gives the first of two verdicts to both', async () => {
  const { journal } = await open();
  await journal.createIntent(makeIntent(journal));
  const [done, failed] = [makeVerdict(), makeVerdict({ outcome: 'failed' })];
  const answers = await Promise.all([journal.createVerdict(done), journal.createVerdict(failed)]);
  expect(answers[0]).toEqual(answers[1]);
  expect(await journal.createVerdict(failed)).toEqual(answers[0]);
  expect((await journal.read(SCRAPE_ID, 1))?.verdict).toEqual(answers[0]);
});

test('answers how a submission ended without reading the rest of it', async () => {
  const { journal, pathOf } = await open();
  await journal.createIntent(makeIntent(journal));
  expect(await journal.readVerdict(SCRAPE_ID, 1)).toBeUndefined();
  const verdict = await journal.createVerdict(makeVerdict());
  await truncate(pathOf('0001-intent.json'), 10);
  expect(await journal.readVerdict(SCRAPE_ID, 1)).toEqual(verdict);
  await truncate(pathOf('verdict.json'), 10);
  const error = await storeErrorOf(journal.readVerdict(SCRAPE_ID, 1));
  expect(error.kind).toBe('damaged');
  expect(error.message).toContain('verdict.json');
});

test('does not take the verdict of another submission for its own', async () => {
  const { journal, pathOf } = await open();
  for (const n of [1, 2]) await journal.createIntent(makeIntent(journal, { n }));
  await journal.createVerdict(makeVerdict({ n: 2 }));
  await writeFile(pathOf('verdict.json', 1), await readFile(pathOf('verdict.json', 2)));
  expect((await storeErrorOf(journal.readVerdict(SCRAPE_ID, 1))).kind).toBe('damaged');
});

test('reads all submissions of a scrape in order', async () => {
  const { journal } = await open();
  for (const n of [1, 2, 3]) await journal.createIntent(makeIntent(journal, { n }));
  expect((await journal.readAll(SCRAPE_ID)).map((submission) => submission.n)).toEqual([1, 2, 3]);
});

test('lists the marks of all submissions that something is written of, each once, and nothing else', async () => {
  const { journal, pathOf } = await open();
  for (const n of [1, 2]) await journal.createIntent(makeIntent(journal, { n }));
  await journal.createRefused(makeRefused());
  await writeFile(join(pathOf('x', 2), '..', '..', 'notes.txt'), 'somebody was here');
  expect(await journal.tags()).toEqual([journal.tag(SCRAPE_ID, 1), journal.tag(SCRAPE_ID, 2)].sort());
});

test('keeps fields that a newer version wrote', async () => {
  const { journal } = await open();
  await journal.createIntent(Object.assign(makeIntent(journal), { grant: 'g-7' }));
  expect((await journal.read(SCRAPE_ID, 1))?.intent).toHaveProperty('grant', 'g-7');
});

const ENTRIES = ['0001-intent.json', '0001-refused.json', 'receipt.json', 'unknown.json', 'verdict.json'];
const INJURIES: Record<string, (path: string) => Promise<void>> = {
  'cut short': async (path) => truncate(path, (await readFile(path)).length - 5),
  emptied: (path) => truncate(path, 0),
  'overwritten with garbage': (path) => writeFile(path, Buffer.from([0xff, 0x00, 0x7b, 0x22])),
  'short of its fields': (path) => writeFile(path, '{}'),
  'swapped with that of another scrape': async (path) =>
    writeFile(path, (await readFile(path, 'utf8')).replace('"scrapeId":"batch/', '"scrapeId":"other/')),
  'swapped with that of another submission': async (path) =>
    writeFile(path, (await readFile(path, 'utf8')).replace('"n":1', '"n":2')),
};

test.each(ENTRIES.flatMap((name) => Object.keys(INJURIES).map((injury) => [name, injury] as const)))(
  'names %s when it is %s, and reads nothing past it',
  async (name, injury) => {
    const { journal, pathOf } = await open();
    await journal.createIntent(makeIntent(journal));
    await journal.createRefused(makeRefused());
    await journal.createReceipt(makeReceipt());
    await journal.createUnknown(makeUnknown());
    await journal.createVerdict(makeVerdict());
    await INJURIES[injury]?.(pathOf(name));
    for (const act of [() => journal.read(SCRAPE_ID, 1), () => journal.readAll(SCRAPE_ID)]) {
      const error = await storeErrorOf(act());
      expect(error.kind).toBe('damaged');
      expect(error.message).toContain(pathOf(name));
      expect(error.message).toContain('restore it from a backup');
    }
  },
);

test('does not take a damaged entry for its own when it creates', async () => {
  const { journal, pathOf } = await open();
  const intent = makeIntent(journal);
  await journal.createIntent(intent);
  await journal.createVerdict(makeVerdict());
  await truncate(pathOf('0001-intent.json'), 20);
  await truncate(pathOf('verdict.json'), 20);
  expect((await storeErrorOf(journal.createIntent(intent))).kind).toBe('damaged');
  expect((await storeErrorOf(journal.createVerdict(makeVerdict()))).kind).toBe('damaged');
});

test.each(['0001-intent.json', '0001-refused.json', '0002-intent.json'])(
  'misses a deleted %s instead of forgetting what may have been bought',
  async (name) => {
    const { journal, pathOf } = await open();
    await journal.createIntent(makeIntent(journal));
    await journal.createRefused(makeRefused());
    await journal.createIntent(makeIntent(journal, { try: 2 }));
    await journal.createRefused(makeRefused({ try: 2 }));
    await rm(pathOf(name));
    const error = await storeErrorOf(journal.read(SCRAPE_ID, 1));
    expect(error.kind).toBe('damaged');
    expect(error.message).toContain(pathOf(name));
  },
);

test.each([
  ['receipt', (journal: Journal) => journal.createReceipt(makeReceipt())],
  ['refusal', (journal: Journal) => journal.createRefused(makeRefused())],
  ['verdict', (journal: Journal) => journal.createVerdict(makeVerdict())],
] as const)('misses the intent of a %s that stands alone', async (_, create) => {
  const { journal, pathOf } = await open();
  await create(journal);
  const error = await storeErrorOf(journal.read(SCRAPE_ID, 1));
  expect(error.message).toContain(pathOf('0001-intent.json'));
});

test('tells an intent under the tag of another store from its own', async () => {
  const { journal, pathOf } = await open();
  const foreign = makeIntent(journal, { tag: 'zzz999-0' });
  await expect(journal.createIntent(foreign)).rejects.toThrow(RangeError);
  expect(await journal.read(SCRAPE_ID, 1)).toBeUndefined();
  await journal.createIntent(makeIntent(journal));
  await writeFile(pathOf('0001-intent.json'), JSON.stringify(foreign));
  expect((await storeErrorOf(journal.read(SCRAPE_ID, 1))).kind).toBe('damaged');
});

test('does not write what it could not read back', async () => {
  const { journal } = await open();
  const bound = { credits: Number.NaN };
  await expect(journal.createIntent(makeIntent(journal, { bound }))).rejects.toThrow('credits');
  expect(await journal.read(SCRAPE_ID, 1)).toBeUndefined();
});

test('ignores files in its folders that are none of its entries', async () => {
  const { journal, pathOf } = await open();
  await journal.createIntent(makeIntent(journal));
  for (const name of ['.DS_Store', '0002-intent.json.bak', 'receipt.json~', 'notes.txt']) {
    await writeFile(pathOf(name), 'not ours');
  }
  expect(await journal.read(SCRAPE_ID, 1)).toEqual({
    scrapeId: SCRAPE_ID,
    n: 1,
    intent: makeIntent(journal),
  });
});
