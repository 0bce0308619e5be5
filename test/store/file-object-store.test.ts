import { createHook } from 'node:async_hooks';
import { chmod, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFileObjectStore } from '../../src/store/file-object-store.ts';
import { startChild } from './child-process.ts';
import { makeFolder, storeErrorOf } from './fixtures.ts';

const text = (body: Uint8Array | undefined): string | undefined => body && Buffer.from(body).toString();

test('gives back what was put, whole, and replaces it whole', async () => {
  const store = createFileObjectStore(await makeFolder());
  expect(await store.get('a/b.json')).toBeUndefined();
  await store.put('a/b.json', Buffer.from('a longer first body'));
  await store.put('a/b.json', Buffer.from('second'));
  expect(text(await store.get('a/b.json'))).toBe('second');
});

test('creates once and shows the first body to everybody after', async () => {
  const store = createFileObjectStore(await makeFolder());
  expect(await store.createExclusive('j/x/intent', Buffer.from('one'))).toEqual({ created: true });
  const second = await store.createExclusive('j/x/intent', Buffer.from('two'));
  expect(second.created ? undefined : text(second.existing)).toBe('one');
});

async function* chunksOf(...parts: Array<string | Error>): AsyncGenerator<Buffer> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield Buffer.from(part);
  }
}

test('creates once from a stream, whole, and not at all if the stream breaks off', async () => {
  const folder = await makeFolder();
  const store = createFileObjectStore(folder);
  const broken = store.createExclusiveStream('p/one', chunksOf('a', new Error('the line went dead')));
  await expect(broken).rejects.toThrow('the line went dead');
  expect(await store.get('p/one')).toBeUndefined();
  expect(await store.createExclusiveStream('p/one', chunksOf('a', 'b', 'c'))).toBe(true);
  expect(await store.createExclusiveStream('p/one', chunksOf('other'))).toBe(false);
  expect(text(await store.get('p/one'))).toBe('abc');
  expect(await readdir(join(folder, 'tmp'))).toEqual([]);
});

test('takes away what is there, and does not mind what is not', async () => {
  const store = createFileObjectStore(await makeFolder());
  await store.put('p/one', Buffer.from('.'));
  await store.remove('p/one');
  await store.remove('p/one');
  expect(await store.get('p/one')).toBeUndefined();
  await expect(store.remove('../outside')).rejects.toThrow(RangeError);
});

test('lets exactly one of fifty concurrent callers create, and shows all others its whole body', async () => {
  const folder = await makeFolder();
  // An object each, so that nothing in memory can help them.
  const racers = Array.from({ length: 50 }, (_, i) => ({
    store: createFileObjectStore(folder),
    body: `${i}-`.repeat(5_000),
  }));
  const made = await Promise.all(
    racers.map(({ store, body }) => store.createExclusive('deep/er/key', Buffer.from(body))),
  );
  const winners = racers.filter((_, i) => made[i]?.created);
  expect(winners).toHaveLength(1);
  const seen = made.flatMap((one) => (one.created ? [] : [text(one.existing)]));
  expect(seen).toHaveLength(49);
  expect(new Set(seen)).toEqual(new Set([winners[0]?.body]));
});

test('lists a folder and what is below it, sorted, without temporary files and foreign names', async () => {
  const folder = await makeFolder();
  const store = createFileObjectStore(folder);
  for (const key of ['r/b/2', 'r/a/1', 'r/c', 'rr/z']) await store.put(key, Buffer.from('.'));
  await writeFile(join(folder, 'r', 'a', 'editor backup~'), '');
  await writeFile(join(folder, 'tmp', 'left-over'), '');
  expect(await store.list('r/')).toEqual(['r/a/1', 'r/b/2', 'r/c']);
  expect(await store.list('nothing/')).toEqual([]);
});

test.each([
  '',
  '/a',
  'a/',
  'a//b',
  '../a',
  'a/../b',
  'a/./b',
  'a b',
  'a\\b',
  'a\0b',
  'ä',
  'tmp/x',
  'x'.repeat(300),
])('refuses the key %j before touching the disk', async (key) => {
  const folder = join(await makeFolder(), 'store');
  const store = createFileObjectStore(folder);
  await expect(store.put(key, Buffer.from('.'))).rejects.toThrow(RangeError);
  await expect(store.createExclusive(key, Buffer.from('.'))).rejects.toThrow(RangeError);
  await expect(store.get(key)).rejects.toThrow(RangeError);
  await expect(store.list(`${key}/`)).rejects.toThrow(RangeError);
  expect(existsSync(folder)).toBe(false);
});

test('writes a stream chunk by chunk: the next is asked for when the last is in the file', async () => {
  const folder = await makeFolder();
  const store = createFileObjectStore(folder);
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let i = 0; i < 20; i++) {
      const [temp = ''] = await readdir(join(folder, 'tmp'));
      expect((await stat(join(folder, 'tmp', temp))).size).toBe(i * 10_000);
      expect(await store.get('s/body')).toBeUndefined();
      yield Buffer.alloc(10_000, String(i % 10));
    }
  }
  await store.putStream('s/body', chunks());
  expect((await store.get('s/body'))?.length).toBe(200_000);
});

test('passes the error of a stream on, keeps the old body and leaves no temporary file', async () => {
  const folder = await makeFolder();
  const store = createFileObjectStore(folder);
  await store.put('s/body', Buffer.from('old'));
  await expect(store.putStream('s/body', broken())).rejects.toThrow('connection reset');
  expect(text(await store.get('s/body'))).toBe('old');
  expect(await readdir(join(folder, 'tmp'))).toEqual([]);
});

test('removes the temporary files of killed processes after a day and leaves younger ones alone', async () => {
  const folder = await makeFolder();
  await mkdir(join(folder, 'tmp'));
  await writeFile(join(folder, 'tmp', 'dead'), 'half a bo');
  await writeFile(join(folder, 'tmp', 'alive'), 'half a bo');
  await mkdir(join(folder, 'tmp', 'foreign'));
  const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 60 * 60;
  for (const name of ['dead', 'foreign']) await utimes(join(folder, 'tmp', name), twoDaysAgo, twoDaysAgo);
  await createFileObjectStore(folder).put('a/b', Buffer.from('.'));
  expect((await readdir(join(folder, 'tmp'))).sort()).toEqual(['alive', 'foreign']);
});

test('does not make a store anew that disappears under it: an empty journal would buy everything again', async () => {
  const folder = await makeFolder();
  const store = createFileObjectStore(folder);
  await store.put('a/b', Buffer.from('.'));
  await rm(folder, { recursive: true });
  const error = await storeErrorOf(store.createExclusive('a/c', Buffer.from('.')));
  expect(error.kind).toBe('unavailable');
  expect(error.message).toContain('is its disk mounted?');
  expect(existsSync(folder)).toBe(false);
});

test('names the file that stands where a folder should be, and works once it is moved away', async () => {
  const folder = await makeFolder();
  const store = createFileObjectStore(folder);
  await writeFile(join(folder, 'journal'), 'not a folder');
  for (const act of [
    () => store.createExclusive('journal/a/b', Buffer.from('.')),
    () => store.put('journal/a/b', Buffer.from('.')),
    () => store.get('journal/a/b'),
    () => store.list('journal/a/'),
  ]) {
    const error = await storeErrorOf(act());
    expect(error.kind).toBe('unavailable');
    expect(error.message).toContain(join(folder, 'journal', 'a'));
    expect(error.message).toContain('a file stands where a folder should be');
  }
  expect(await readFile(join(folder, 'journal'), 'utf8')).toBe('not a folder');
  await rm(join(folder, 'journal'));
  expect(await store.createExclusive('journal/a/b', Buffer.from('.'))).toEqual({ created: true });
});

test('does not take a folder under the key for an entry', async () => {
  const folder = await makeFolder();
  const store = createFileObjectStore(folder);
  await mkdir(join(folder, 'a', 'b'), { recursive: true });
  for (const act of [
    () => store.createExclusive('a/b', Buffer.from('.')),
    () => store.put('a/b', Buffer.from('.')),
    () => store.get('a/b'),
  ]) {
    expect((await storeErrorOf(act())).message).toContain('a folder stands where a file should be');
  }
});

test('asks the file system no more often than a write needs where the folder is there', async () => {
  const store = createFileObjectStore(await makeFolder());
  await store.put('a/first', Buffer.from('.'));
  // The temporary file: open, write, sync, close; its name; the folder: open, sync, close.
  expect(await fileCalls(() => store.put('a/second', Buffer.from('.')))).toBe(8);
  // And the temporary name is taken away.
  expect(await fileCalls(() => store.createExclusive('a/third', Buffer.from('.')))).toBe(9);
});

async function fileCalls(act: () => Promise<unknown>): Promise<number> {
  let calls = 0;
  const hook = createHook({
    init(_, type) {
      if (type === 'FSREQPROMISE' || type === 'FILEHANDLECLOSEREQ') calls++;
    },
  }).enable();
  await act().finally(() => hook.disable());
  return calls;
}

test('says so when the store cannot be made, and makes it at the next write', async () => {
  const folder = join(await makeFolder(), 'store');
  await writeFile(folder, 'not a folder');
  const store = createFileObjectStore(folder);
  expect((await storeErrorOf(store.put('a/b', Buffer.from('.')))).message).toContain('Nothing was written');
  await rm(folder);
  await store.put('a/b', Buffer.from('.'));
  expect(text(await store.get('a/b'))).toBe('.');
});

test('says who may not write when the folder belongs to somebody else', async () => {
  const folder = await makeFolder();
  await mkdir(join(folder, 'tmp'));
  await chmod(join(folder, 'tmp'), 0o555);
  await chmod(folder, 0o755);
  // Nothing is forbidden to root, so then the child is somebody else.
  const options = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const line = await startChild(['create-once', folder], options).nextLine();
  expect(line).toContain('unavailable: Cannot write');
  expect(line).toContain('this user may not (EACCES). Nothing was written.');
  expect(existsSync(join(folder, 'journal'))).toBe(false);
});

async function* broken(): AsyncGenerator<Buffer> {
  yield Buffer.from('new, but');
  throw new Error('connection reset');
}
