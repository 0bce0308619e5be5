import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * The command line of a running process; undefined if there is none with this id or it has ended. A process id alone
 * proves nothing, since ids are given out again.
 */
export async function processCommand(pid: number): Promise<string | undefined> {
  if (!isRunning(pid)) return undefined;
  // Slim container images have no ps; macOS has no /proc.
  return existsSync('/proc/self/cmdline') ? commandFromProc(pid) : commandFromPs(pid);
}

/** Whether a process with this id exists, also one of another user's. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The arguments are separated by zero bytes; a process that has ended and was not asked how yet has none. */
async function commandFromProc(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return text === '' ? undefined : text.split('\0').join(' ');
}

async function commandFromPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'stat=,command=', '-p', String(pid)]);
    const [, state, command] = /^(\S+)\s+(.*)$/s.exec(stdout.trim()) ?? [];
    return state === undefined || state.startsWith('Z') ? undefined : command;
  } catch {
    return undefined;
  }
}
