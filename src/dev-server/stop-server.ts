import { setTimeout as sleep } from 'node:timers/promises';
import { processCommand } from './process-command.ts';
import { databasePath, removeServerRecord } from './server-record.ts';

/** An orderly end takes the server 0.1 to 2 s; after this it is killed, which loses nothing (WAL). */
const STOP_TIMEOUT_MS = 5_000;
const LOOK_EVERY_MS = 50;

/** Ends the server of this folder by SIGTERM, then SIGKILL, and returns when it is gone; does nothing to other processes. */
export async function stopServer(folder: string, pid: number): Promise<void> {
  if (!(await endBy('SIGTERM', folder, pid))) await endBy('SIGKILL', folder, pid);
  await removeServerRecord(folder, pid);
}

/** Whether the process is a dev server on this folder's database. */
export async function isServerOf(folder: string, pid: number): Promise<boolean> {
  return (await processCommand(pid))?.includes(databasePath(folder)) ?? false;
}

async function endBy(signal: 'SIGTERM' | 'SIGKILL', folder: string, pid: number): Promise<boolean> {
  if (!(await isServerOf(folder, pid))) return true;
  try {
    process.kill(pid, signal);
  } catch {
    return true; // it ended since we looked
  }
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (Date.now() < deadline) {
    await sleep(LOOK_EVERY_MS);
    if (!(await isServerOf(folder, pid))) return true;
  }
  return false;
}
