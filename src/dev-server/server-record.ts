import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.object({
  pid: z.int().positive(),
  /** The process that will stop the server; when it is gone, the next one that finds the server takes over. */
  ownerPid: z.int().positive(),
  address: z.string().regex(/^127\.0\.0\.1:\d+$/),
  uiUrl: z.url(),
  startedAt: z.iso.datetime(),
});

/** What `server.json` says about the server that was started on this folder's database. */
export type ServerRecord = z.infer<typeof schema>;

/** Reads a folder's server.json; undefined if there is none or it cannot be understood. */
export async function readServerRecord(folder: string): Promise<ServerRecord | undefined> {
  try {
    return schema.safeParse(JSON.parse(await readFile(recordPath(folder), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Writes a folder's server.json whole or not at all. */
export async function writeServerRecord(folder: string, record: ServerRecord): Promise<void> {
  const temporary = `${recordPath(folder)}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(record, undefined, 2) + '\n');
  await rename(temporary, recordPath(folder));
}

/** Removes a folder's server.json if it is about this process. */
export async function removeServerRecord(folder: string, pid: number): Promise<void> {
  if ((await readServerRecord(folder))?.pid === pid) await rm(recordPath(folder), { force: true });
}

/** The database file of the server in this folder; its path in a command line marks a server as ours. */
export function databasePath(folder: string): string {
  return join(folder, 'temporal.db');
}

function recordPath(folder: string): string {
  return join(folder, 'server.json');
}
