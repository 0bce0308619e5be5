import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DevServerError } from './dev-server-error.ts';
import { isRunning } from './process-command.ts';

/** Longer than a start and a stop together take. */
const LOCK_TIMEOUT_MS = 90_000;
const LOOK_EVERY_MS = 50;

/**
 * Runs `work` while no other process does so in this folder: two servers on one database would destroy it. A lock whose
 * process has died is broken.
 */
export async function withFolderLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'server.lock');
  const mine = `${process.pid} ${randomUUID()}`;
  await acquire(path, mine);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(path: string, mine: string): Promise<void> {
  const deadline = Date.now() + LOCK_TIMEOUT_MS;
  while (!(await createExclusively(path, mine))) {
    const holder = await readFile(path, 'utf8').catch(() => '');
    const pid = Number.parseInt(holder, 10);
    if (holder !== '' && !isRunning(pid)) await breakLock(path, holder);
    else await sleep(LOOK_EVERY_MS);
    if (Date.now() > deadline) {
      const message = `process ${pid} has been starting or stopping the server for long; if it hangs, end it or remove ${path}`;
      throw new DevServerError('locked', message);
    }
  }
}

/** Creates the file with its whole content or not at all, so that nobody reads a lock without a holder. */
async function createExclusively(path: string, content: string): Promise<boolean> {
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, content);
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Removes the lock of a dead process. Of many that see the same dead holder one may do so, and only while the lock is
 * still that holder's: otherwise a slow one would remove the lock that a fast one has just got.
 */
async function breakLock(path: string, holder: string): Promise<void> {
  const right = `${path}.broken-${holder.split(' ')[1]}`;
  if (!(await createExclusively(right, String(process.pid)))) {
    await sleep(LOOK_EVERY_MS);
    return;
  }
  if ((await readFile(path, 'utf8').catch(() => '')) === holder) await rm(path);
  await rm(right, { force: true });
}
