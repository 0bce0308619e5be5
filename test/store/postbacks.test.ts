import { expect, test } from 'vitest';
import { createFileObjectStore } from '../../src/store/file-object-store.ts';
import { createPostbacks } from '../../src/store/postbacks.ts';
import type { Postbacks } from '../../src/store/store.ts';
import { makeFolder } from './fixtures.ts';

const TAG = 'abc123-0123456789abcdef0123456789';
const SAME_SHARD = 'abc123-fffffffffffffffffffffffff9'.replace(/9$/, '89');

async function open(): Promise<Postbacks> {
  return createPostbacks(createFileObjectStore(await makeFolder()));
}

async function* body(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

/** A body that nobody may read. */
function untouchable(): AsyncIterable<Buffer> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('it was read')) }) };
}

test('keeps the first body of a task and does not read a second one', async () => {
  const postbacks = await open();
  expect(await postbacks.write(TAG, 'task-1', body('first'))).toBe('stored');
  expect(await postbacks.write(TAG, 'task-1', untouchable())).toBe('known');
  expect(Buffer.from((await postbacks.read(TAG, 'task-1')) ?? []).toString()).toBe('first');
});

test('keeps one of twenty deliveries that come at once', async () => {
  const postbacks = await open();
  const kept = await Promise.all(
    Array.from({ length: 20 }, (_, i) => postbacks.write(TAG, 'task-1', body(`delivery ${i}`))),
  );
  expect(kept.filter((one) => one === 'stored')).toHaveLength(1);
  expect(kept.filter((one) => one === 'known')).toHaveLength(19);
});

test('takes no more than four tasks under a mark, and does not read the fifth', async () => {
  const postbacks = await open();
  for (const id of ['a', 'b', 'c', 'd']) expect(await postbacks.write(TAG, id, body(id))).toBe('stored');
  expect(await postbacks.write(TAG, 'e', untouchable())).toBe('full');
  expect(await postbacks.taskIds(TAG)).toEqual(['a', 'b', 'c', 'd']);
});

test('clears one mark and leaves its neighbours in the same folder', async () => {
  const postbacks = await open();
  await postbacks.write(TAG, 'task-1', body('mine'));
  await postbacks.write(SAME_SHARD, 'task-2', body('theirs'));
  await postbacks.clear(TAG);
  await postbacks.clear(TAG);
  expect(await postbacks.taskIds(TAG)).toEqual([]);
  expect(await postbacks.taskIds(SAME_SHARD)).toEqual(['task-2']);
});

test('stores nothing of a body that breaks off, and takes the next delivery', async () => {
  const postbacks = await open();
  await expect(postbacks.write(TAG, 'task-1', untouchable())).rejects.toThrow('it was read');
  expect(await postbacks.taskIds(TAG)).toEqual([]);
  expect(await postbacks.write(TAG, 'task-1', body('whole'))).toBe('stored');
});
