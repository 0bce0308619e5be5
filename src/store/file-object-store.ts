import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { isMissing, isTaken, toStoreError } from './file-errors.ts';
import type { Step } from './file-errors.ts';
import { isObjectKey, requireObjectKey, TEMP_FOLDER } from './object-keys.ts';
import type { Created, ObjectStore } from './object-store.ts';

/** Journal entries hold task ids, with which anybody can read a paid answer while the provider keeps it. */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = { recursive: true, mode: 0o700 } as const;

/** A temporary file this old belongs to a process that was killed. */
const TEMP_MAX_AGE_MS = 24 * 60 * 60 * 1000;

/** Names of folders that are remembered as durable; a scrape has two of its own. */
const MAX_DURABLE = 10_000;

/**
 * An `ObjectStore` in a folder of a local file system; any number of processes may share it.
 *
 * Every write goes: temporary file, fsync, `link` or `rename` to its name, fsync of the folders (of those above the file's
 * own only until this process knows that their names are durable). A kill before the third step leaves a temporary file that nothing reads; after it the whole file under its name. A power cut before the last
 * step may undo the third; nobody was told yet that it was written.
 *
 * The folder is made by the first write of this object and never again: when it disappears under a running worker (a
 * disk is unmounted) writes fail, because an empty journal would let everything be bought once more.
 */
export function createFileObjectStore(folder: string): ObjectStore {
  const root = resolve(folder);
  const pathOf = (key: string): string => join(root, ...key.split('/'));
  let prepared: Promise<void> | undefined;
  /** Folders whose own names this process has synced; nobody takes a folder of the store away. */
  const durable = new Set<string>();

  async function prepareOnce(key: string): Promise<void> {
    prepared ??= prepare(root);
    try {
      await prepared;
    } catch (error) {
      prepared = undefined; // the next write tries again
      throw toStoreError(error, 'writing', key, root);
    }
  }

  /** Fills a temporary file and hands it to `place`, which gives it its name and takes the temporary one away. */
  async function write<T>(
    key: string,
    fill: (file: FileHandle) => Promise<void>,
    place: (temp: string, path: string) => Promise<T>,
  ): Promise<T> {
    requireObjectKey(key);
    const path = pathOf(key);
    await prepareOnce(key);
    const temp = join(root, TEMP_FOLDER, randomUUID());
    try {
      const file = await during('writing', key, path, () => open(temp, 'wx', PRIVATE_FILE)); // kill: an empty temporary file
      try {
        await fill(file); // kill: a part of it, still temporary
        await during('writing', key, path, () => file.sync());
      } finally {
        await during('writing', key, path, () => file.close());
      }
      return await place(temp, path); // kill: the file is there, or not; whole in any case
    } catch (error) {
      await discard(temp);
      throw error;
    }
  }

  /** Does what needs the folder of `path`; makes it unless it is known to be there. A kill leaves an empty folder. */
  async function inFolder<T>(path: string, act: () => Promise<T>): Promise<T> {
    const folder = dirname(path);
    if (!durable.has(folder)) await makeFolder(folder);
    try {
      return await act();
    } catch (error) {
      if (!isMissing(error)) throw error;
      await makeFolder(folder); // somebody took it away
      return act();
    }
  }

  async function makeFolder(folder: string): Promise<void> {
    const firstMade = await mkdir(folder, PRIVATE_FOLDER);
    // What was known of a folder that had this name is not true of the new one.
    if (firstMade !== undefined) forgetUpTo(firstMade, folder);
  }

  function forgetUpTo(top: string, folder: string): void {
    durable.delete(folder);
    if (folder.length > top.length) forgetUpTo(top, dirname(folder));
  }

  /**
   * Makes every name between the root and a file in `folder` durable. Also those that this call did not make: another
   * process may have made a folder a moment ago and not have come to its own fsync. One after the other, so that a write
   * holds one open file at a time.
   */
  async function secure(folder: string): Promise<void> {
    await syncFolder(folder);
    if (folder.length <= root.length || durable.has(folder)) return;
    await secure(dirname(folder));
    if (durable.size >= MAX_DURABLE) durable.clear(); // costs a few syncs again
    durable.add(folder);
  }

  async function replace(key: string, fill: (file: FileHandle) => Promise<void>): Promise<void> {
    await write(key, fill, async (temp, path) => {
      await during('writing', key, path, () => inFolder(path, () => rename(temp, path)));
      await during('securing', key, path, () => secure(dirname(path)));
    });
  }

  async function append(file: FileHandle, key: string, body: AsyncIterable<Uint8Array>): Promise<void> {
    // An error of the stream itself passes as it is: it is not the store's.
    for await (const chunk of body) {
      await during('writing', key, pathOf(key), () => file.writeFile(chunk)); // appends on an open handle
    }
  }

  /** Gives a temporary file its name unless the name is taken; whether it did. */
  async function claim(key: string, temp: string, path: string): Promise<boolean> {
    const created = await during('writing', key, path, () => inFolder(path, () => linkIfFree(temp, path)));
    // Also when we lost: whoever won may have been killed before its fsync, and our caller acts on what it is told.
    await during('securing', key, path, () => secure(dirname(path)));
    await discard(temp);
    return created;
  }

  async function get(key: string): Promise<Uint8Array | undefined> {
    requireObjectKey(key);
    return during('reading', key, pathOf(key), async () => {
      try {
        return await readFile(pathOf(key));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    });
  }

  return {
    location: root,

    createExclusive(key, body) {
      const fill = (file: FileHandle): Promise<void> =>
        during('writing', key, pathOf(key), () => file.writeFile(body));
      return write(key, fill, async (temp, path): Promise<Created> => {
        const created = await claim(key, temp, path);
        if (created) return { created };
        const existing = await get(key);
        if (existing) return { created, existing };
        throw toStoreError(new Error('removed while it was read'), 'reading', key, path);
      });
    },

    put(key, body) {
      return replace(key, (file) => during('writing', key, pathOf(key), () => file.writeFile(body)));
    },

    createExclusiveStream(key, body) {
      return write(
        key,
        (file) => append(file, key, body),
        (temp, path) => claim(key, temp, path),
      );
    },

    putStream(key, body) {
      return replace(key, (file) => append(file, key, body));
    },

    get,

    async remove(key) {
      requireObjectKey(key);
      await during('writing', key, pathOf(key), () => rm(pathOf(key), { force: true }));
    },

    async list(prefix) {
      if (!prefix.endsWith('/')) throw new RangeError(`"${prefix}" is not a folder of the store`);
      requireObjectKey(prefix.slice(0, -1));
      return during('reading', prefix, pathOf(prefix), () => listFiles(root, pathOf(prefix)));
    },
  };
}

async function during<T>(step: Step, key: string, path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw toStoreError(error, step, key, path);
  }
}

/** Takes a temporary file away; a left-over is harmless, and `prepare` removes it later. */
async function discard(temp: string): Promise<void> {
  await unlink(temp).catch(() => undefined);
}

async function linkIfFree(temp: string, path: string): Promise<boolean> {
  try {
    await link(temp, path);
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}

/** Makes the names of `folder` and of all folders between it and `root` durable, and what is in them. */
async function syncFolders(folder: string, root: string): Promise<void> {
  await syncFolder(folder);
  if (folder.length > root.length) await syncFolders(dirname(folder), root);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the store's folder durably and removes what killed processes left in `tmp/`. */
async function prepare(root: string): Promise<void> {
  const temps = join(root, TEMP_FOLDER);
  const firstMade = await mkdir(temps, PRIVATE_FOLDER);
  if (firstMade !== undefined) await syncFolders(root, dirname(firstMade));
  const before = Date.now() - TEMP_MAX_AGE_MS;
  for (const name of await readdir(temps)) {
    const temp = join(temps, name);
    // Whatever cannot be looked at or removed is in nobody's way.
    const age = await stat(temp).catch(() => undefined);
    if (age && age.mtimeMs < before) await rm(temp, { force: true }).catch(() => undefined);
  }
}

async function listFiles(root: string, folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .filter(isObjectKey)
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
