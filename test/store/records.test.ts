import { copyFile, readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ScrapeRecord } from '../../src/contracts/scrape.ts';
import { createFileObjectStore } from '../../src/store/file-object-store.ts';
import { createRecords } from '../../src/store/records.ts';
import type { Records } from '../../src/store/store.ts';
import { makeFolder, makeRecord, SCRAPE_ID, storeErrorOf } from './fixtures.ts';

async function open(): Promise<{ folder: string; records: Records }> {
  const folder = await makeFolder();
  return { folder, records: createRecords(createFileObjectStore(folder)) };
}

async function fileOf(folder: string): Promise<string> {
  const names = await readdir(join(folder, 'records'), { recursive: true });
  return join(folder, 'records', names.find((name) => name.endsWith('.json')) ?? '');
}

async function collect(all: AsyncIterable<ScrapeRecord>): Promise<ScrapeRecord[]> {
  const records: ScrapeRecord[] = [];
  for await (const record of all) records.push(record);
  return records;
}

test('replaces a record whole', async () => {
  const { records } = await open();
  expect(await records.read(SCRAPE_ID)).toBeUndefined();
  await records.write(makeRecord({ outcome: 'failed', failure: { type: 'TaskFailed', message: 'no' } }));
  await records.write(makeRecord());
  expect(await records.read(SCRAPE_ID)).toEqual(makeRecord());
});

test('reads all records, each once', async () => {
  const { records } = await open();
  const ids = Array.from({ length: 25 }, (_, i) => `scrape/scrapellm/chatgpt/${i}`);
  await Promise.all(ids.map((scrapeId) => records.write(makeRecord({ scrapeId }))));
  const seen = (await collect(records.readAll())).map((record) => record.scrapeId);
  expect(seen.sort()).toEqual(ids.sort());
});

test('has none in a new store', async () => {
  const { records } = await open();
  expect(await collect(records.readAll())).toEqual([]);
});

test('names a damaged record, read alone or among all', async () => {
  const { folder, records } = await open();
  await records.write(makeRecord());
  const path = await fileOf(folder);
  await truncate(path, 40);
  for (const act of [() => records.read(SCRAPE_ID), () => collect(records.readAll())]) {
    const error = await storeErrorOf(act());
    expect(error.kind).toBe('damaged');
    expect(error.message).toContain(path);
  }
});

test('goes on past a damaged record where somebody wants to be told of it', async () => {
  const { folder, records } = await open();
  await records.write(makeRecord());
  await truncate(await fileOf(folder), 20);
  await records.write(makeRecord({ scrapeId: 'batch/demo/item-2/scrapellm/chatgpt/1' }));
  const told: string[] = [];
  const read = await collect(records.readAll((error) => told.push(error.kind)));
  expect({ ids: read.map(({ scrapeId }) => scrapeId), told }).toEqual({
    ids: ['batch/demo/item-2/scrapellm/chatgpt/1'],
    told: ['damaged'],
  });
});

test('names a record that says nothing of what was spent', async () => {
  const { folder, records } = await open();
  await records.write(makeRecord());
  await writeFile(await fileOf(folder), JSON.stringify({ ...makeRecord(), charge: { credits: -1 } }));
  expect((await storeErrorOf(records.read(SCRAPE_ID))).message).toContain('charge.credits');
});

test('does not take the record of one scrape for that of another', async () => {
  const { folder, records } = await open();
  await records.write(makeRecord({ scrapeId: 'other' }));
  const other = await fileOf(folder);
  await records.write(makeRecord());
  const names = await readdir(join(folder, 'records'), { recursive: true });
  const mine = names
    .map((name) => join(folder, 'records', name))
    .find((name) => name.endsWith('.json') && name !== other);
  await copyFile(other, mine ?? '');
  expect((await storeErrorOf(records.read(SCRAPE_ID))).message).toContain('it is the record of other');
});
