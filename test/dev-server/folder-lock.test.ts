import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withFolderLock } from '../../src/dev-server/folder-lock.ts';
import { temporaryFolder } from './fakes.ts';

/** Runs `callers` at once and returns the most that were inside together. */
async function crowd(folder: string, callers: number): Promise<number> {
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await new Promise(setImmediate);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: callers }, () => withFolderLock(folder, work)));
  return most;
}

function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

test('lets one in at a time', async () => {
  const folder = temporaryFolder();
  expect(await crowd(folder, 10)).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

test('breaks the lock of a dead process once, for many that wait', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'server.lock'), `${deadPid()} some-nonce`);
  expect(await crowd(folder, 10)).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

test('gives the lock back when the work fails', async () => {
  const folder = temporaryFolder();
  await expect(withFolderLock(folder, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withFolderLock(folder, async () => 'next')).toBe('next');
});
