import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { BatchRecord, Manifest } from '../../src/contracts/batch.ts';
import { emptyCounts } from '../../src/contracts/outcomes.ts';
import { createBatches } from '../../src/store/batches.ts';
import { createFileObjectStore } from '../../src/store/file-object-store.ts';
import type { Batches, StoredPage } from '../../src/store/store.ts';
import { makeFolder, storeErrorOf } from './fixtures.ts';

async function open(): Promise<{ folder: string; batches: Batches }> {
  const folder = await makeFolder();
  return { folder, batches: createBatches(createFileObjectStore(folder)) };
}

function makeManifest(changes: Partial<Manifest> = {}): Manifest {
  return {
    batchId: 'batch/demo',
    fingerprint: 'a'.repeat(64),
    createdAt: '2026-01-02T03:04:05.000Z',
    simulated: true,
    pages: 2,
    total: 2,
    bound: { credits: 6 },
    ...changes,
  };
}

function makePages(mark: string, count = 2): StoredPage[] {
  return Array.from({ length: count }, (_, i) => [
    {
      scrapeId: `${mark}/${i}`,
      input: { scraper: 'scrapellm/chatgpt', prompt: mark },
      bound: { credits: 3 },
    },
  ]);
}

test('keeps a manifest and its pages', async () => {
  const { batches } = await open();
  expect(await batches.readManifest('batch/demo')).toBeUndefined();
  expect(await batches.create(makeManifest(), makePages('one'))).toEqual(makeManifest());
  expect(await batches.readManifest('batch/demo')).toEqual(makeManifest());
  expect(await batches.readPage('batch/demo', 1)).toEqual(makePages('one')[0]);
  expect(await batches.readPage('batch/demo', 2)).toEqual(makePages('one')[1]);
  for (const page of [0, 3]) await expect(batches.readPage('batch/demo', page)).rejects.toThrow(RangeError);
});

test('knows which runs of a batch were stopped, and takes no path for one', async () => {
  const { batches } = await open();
  await batches.stopRun('batch/demo', 'run-1');
  await batches.stopRun('batch/demo', 'run-1');
  expect(await batches.isRunStopped('batch/demo', 'run-1')).toBe(true);
  expect(await batches.isRunStopped('batch/demo', 'run-2')).toBe(false);
  expect(await batches.isRunStopped('batch/other', 'run-1')).toBe(false);
  expect(await batches.isRunStopped('batch/demo', '..')).toBe(false);
  await expect(batches.stopRun('batch/demo', '../manifest')).rejects.toThrow(RangeError);
  expect(await batches.list()).toEqual([]);
});

test('gives a second client the manifest that stands and leaves its pages alone', async () => {
  const { folder, batches } = await open();
  await batches.create(makeManifest(), makePages('one'));
  const files = await readdir(folder, { recursive: true });
  const again = makeManifest({ createdAt: '2030-01-01T00:00:00.000Z' });
  expect(await batches.create(again, makePages('two'))).toEqual(makeManifest());
  expect(await batches.create(makeManifest(), makePages('two'))).toEqual(makeManifest());
  expect(await batches.readPage('batch/demo', 1)).toEqual(makePages('one')[0]);
  expect(await readdir(folder, { recursive: true })).toEqual(files);
});

test('never mixes the pages of clients that race for a name', async () => {
  const { folder } = await open();
  const marks = ['a', 'b', 'c', 'd', 'e', 'f'];
  const standing = await Promise.all(
    marks.map((mark) =>
      createBatches(createFileObjectStore(folder)).create(
        makeManifest({ fingerprint: mark.repeat(64), pages: 5, total: 5 }),
        makePages(mark, 5),
      ),
    ),
  );
  const winner = standing[0]?.fingerprint[0] ?? '';
  expect(new Set(standing.map((manifest) => manifest.fingerprint))).toEqual(new Set([winner.repeat(64)]));
  const batches = createBatches(createFileObjectStore(folder));
  for (let page = 1; page <= 5; page++) {
    expect(await batches.readPage('batch/demo', page)).toEqual(makePages(winner, 5)[page - 1]);
  }
});

test('has no manifest when a client died among its pages, and another one starts afresh', async () => {
  const { batches } = await open();
  function* dying(): Generator<StoredPage> {
    yield* makePages('dead', 1);
    throw new Error('killed');
  }
  await expect(batches.create(makeManifest(), dying())).rejects.toThrow('killed');
  expect(await batches.readManifest('batch/demo')).toBeUndefined();
  expect(await batches.list()).toEqual([]);
  await batches.create(makeManifest(), makePages('alive'));
  expect(await batches.readPage('batch/demo', 1)).toEqual(makePages('alive')[0]);
});

test('writes no manifest that promises other pages than there are', async () => {
  const { batches } = await open();
  await expect(batches.create(makeManifest({ pages: 3 }), makePages('one'))).rejects.toThrow('2 pages of 3');
  expect(await batches.readManifest('batch/demo')).toBeUndefined();
});

test('lists the batches that have a manifest', async () => {
  const { batches } = await open();
  await batches.create(makeManifest({ batchId: 'batch/b.2', pages: 0 }), []);
  await batches.create(makeManifest({ batchId: 'batch/a-1', pages: 1 }), makePages('one', 1));
  expect(await batches.list()).toEqual(['batch/a-1', 'batch/b.2']);
});

test.each([
  'batch/..',
  'batch/.',
  'batch/',
  'batch',
  'batch/a/b',
  'scrape/a',
  '',
  'batch/a b',
  `batch/${'x'.repeat(300)}`,
])('has nothing under %j and makes nothing there', async (batchId) => {
  const { folder, batches } = await open();
  expect(await batches.readManifest(batchId)).toBeUndefined();
  expect(await batches.readRecord(batchId)).toBeUndefined();
  await expect(batches.create(makeManifest({ batchId, pages: 0 }), [])).rejects.toThrow('not a batch id');
  await expect(batches.writeRecord(makeRecord({ batchId }))).rejects.toThrow('not a batch id');
  expect(await readdir(folder)).toEqual([]);
});

test('names a damaged manifest and does not write over it', async () => {
  const { folder, batches } = await open();
  await batches.create(makeManifest(), makePages('one'));
  const path = join(folder, 'batches', 'demo', 'manifest.json');
  for (const body of ['{"batchId":', JSON.stringify(makeManifest({ batchId: 'batch/other' }))]) {
    await writeFile(path, body);
    for (const act of [
      () => batches.readManifest('batch/demo'),
      () => batches.readPage('batch/demo', 1),
      () => batches.create(makeManifest(), makePages('one')),
    ]) {
      const error = await storeErrorOf(act());
      expect(error.kind).toBe('damaged');
      expect(error.message).toContain(path);
    }
    expect(await readFile(path, 'utf8')).toBe(body);
  }
});

const PAGE_INJURIES: Record<string, (path: string) => Promise<void>> = {
  missing: (path) => rm(path),
  'cut short': (path) => truncate(path, 30),
  'not a page': (path) => writeFile(path, gzipSync('{"rows":[]}')),
};

test.each(Object.keys(PAGE_INJURIES))('names a page that is %s', async (injury) => {
  const { folder, batches } = await open();
  await batches.create(makeManifest(), makePages('one'));
  const names = await readdir(join(folder, 'batches'), { recursive: true });
  const path = join(folder, 'batches', names.find((name) => name.endsWith('00002.json.gz')) ?? '');
  await PAGE_INJURIES[injury]?.(path);
  const error = await storeErrorOf(batches.readPage('batch/demo', 2));
  expect(error.kind).toBe('damaged');
  expect(error.message).toContain(path);
  expect(await batches.readPage('batch/demo', 1)).toEqual(makePages('one')[0]);
});

test('keeps an upload under its content, and finds a damaged one out', async () => {
  const { folder, batches } = await open();
  const body = Buffer.from('[{"prompt":"best crm?"}]');
  const key = await batches.writeUpload(body);
  expect(await batches.writeUpload(body)).toBe(key);
  expect(Buffer.from((await batches.readUpload(key)) ?? [])).toEqual(body);
  await writeFile(join(folder, key), gzipSync('[]'));
  const error = await storeErrorOf(batches.readUpload(key));
  expect(error.message).toContain(key);
});

test.each(['owner.json', '../secret', `uploads/${'0'.repeat(64)}.json.gz`, 'uploads/../owner.json', ''])(
  'has no upload %j',
  async (key) => {
    const { batches } = await open();
    expect(await batches.readUpload(key)).toBeUndefined();
  },
);

function makeRecord(changes: Partial<BatchRecord> = {}): BatchRecord {
  return {
    batchId: 'batch/demo',
    total: 2,
    counts: { ...emptyCounts(), done: 2 },
    charge: { credits: 6 },
    possiblySpent: {},
    refundExpected: {},
    startedAt: '2026-01-02T03:04:05.000Z',
    endedAt: '2026-01-02T03:05:05.000Z',
    simulated: true,
    ...changes,
  };
}

test('replaces the record of a batch, and names a damaged one', async () => {
  const { folder, batches } = await open();
  expect(await batches.readRecord('batch/demo')).toBeUndefined();
  await batches.writeRecord(makeRecord({ total: 1 }));
  await batches.writeRecord(makeRecord());
  expect(await batches.readRecord('batch/demo')).toEqual(makeRecord());
  await truncate(join(folder, 'batches', 'demo', 'record.json'), 50);
  expect((await storeErrorOf(batches.readRecord('batch/demo'))).kind).toBe('damaged');
});
