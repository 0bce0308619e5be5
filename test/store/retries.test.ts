import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RetryPlan, RetryRow } from '../../src/contracts/retry.ts';
import { createFileObjectStore } from '../../src/store/file-object-store.ts';
import { createRetries } from '../../src/store/retries.ts';
import type { Retries } from '../../src/store/store.ts';
import { makeFolder, storeErrorOf } from './fixtures.ts';

async function open(): Promise<{ folder: string; retries: Retries }> {
  const folder = await makeFolder();
  return { folder, retries: createRetries(createFileObjectStore(folder)) };
}

function makePlan(changes: Partial<RetryPlan> = {}): RetryPlan {
  return {
    batchId: 'batch/demo',
    n: 1,
    only: ['failed'],
    set: { bypass_cache: true },
    createdAt: '2026-01-02T03:04:05.000Z',
    total: 1,
    bound: { credits: 3 },
    pages: [2],
    ...changes,
  };
}

const rows = (scrapeId: string): RetryRow[] => [{ scrapeId, from: 2, params: {}, bound: { credits: 3 } }];

test('keeps a plan and its pages, and knows the highest number', async () => {
  const { retries } = await open();
  expect(await retries.latest('batch/demo')).toBe(0);
  for (const n of [1, 2, 10]) {
    await retries.create(makePlan({ n }), new Map([[2, rows(`of retry ${n}`)]]));
    expect(await retries.latest('batch/demo')).toBe(n);
  }
  expect(await retries.read('batch/demo', 2)).toEqual(makePlan({ n: 2 }));
  expect(await retries.readPage('batch/demo', 10, 2)).toEqual(rows('of retry 10'));
  expect(await retries.readPage('batch/demo', 10, 1)).toEqual([]);
  expect(await retries.latest('batch/other')).toBe(0);
});

test('of two plans of one number one stands, with its own pages, for both who made them', async () => {
  const { retries } = await open();
  const plans = [makePlan(), makePlan({ createdAt: '2026-01-02T03:04:06.000Z' })];
  const made = await Promise.all(
    plans.map((plan) => retries.create(plan, new Map([[2, rows(plan.createdAt)]]))),
  );
  expect(made[0]).toEqual(made[1]);
  expect(await retries.readPage('batch/demo', 1, 2)).toEqual(rows(made[0]?.createdAt ?? ''));
});

test('names a page that is missing instead of leaving its scrapes out, and a plan of another batch', async () => {
  const { folder, retries } = await open();
  await retries.create(makePlan(), new Map());
  expect((await storeErrorOf(retries.readPage('batch/demo', 1, 2))).message).toContain('it is missing');
  const path = join(folder, 'batches', 'demo', 'retries', '0001', 'plan.json');
  await writeFile(path, JSON.stringify(makePlan({ batchId: 'batch/other' })));
  expect((await storeErrorOf(retries.read('batch/demo', 1))).message).toContain(path);
  await rm(path);
  expect(await retries.read('batch/demo', 1)).toBeUndefined();
});

test('refuses what is no batch id', async () => {
  const { retries } = await open();
  for (const id of ['demo', 'batch/a/b', 'batch/..', 'scrape/x']) {
    await expect(retries.read(id, 1)).rejects.toThrow('is not a batch id');
  }
});
