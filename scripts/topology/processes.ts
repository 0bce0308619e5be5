import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isRunning } from '../../src/dev-server/process-command.ts';
import type { User } from './postgres.ts';

const run = promisify(execFile);
const LOOK_EVERY_MS = 100;

/** A process that lives on when we end. */
export interface Started {
  pid: number;
  /** When it was started, as the system counts: process ids are given out again, these pairs are not. */
  startedAt: string;
}

export interface Spawn {
  argv: string[];
  env: Record<string, string>;
  cwd: string;
  logPath: string;
  user?: User | undefined;
}

/** Starts a process in a session of its own, its output appended to its log. */
export async function start({ argv, env, cwd, logPath, user }: Spawn): Promise<Started> {
  const [program = '', ...args] = argv;
  const log = await open(logPath, 'a');
  try {
    const child = spawn(program, args, {
      ...user,
      cwd,
      env,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    const pid = child.pid ?? 0; // there is one after `spawn`
    return { pid, startedAt: (await startTime(pid)) ?? '' };
  } finally {
    await log.close();
  }
}

/** Runs a job to its end; throws with the end of its log if it fails. */
export async function runJob(job: Spawn, timeoutMs: number): Promise<void> {
  const [program = '', ...args] = job.argv;
  const log = await open(job.logPath, 'a');
  try {
    const code = await new Promise<number | string>((resolve, reject) => {
      const child = spawn(program, args, {
        cwd: job.cwd,
        env: job.env,
        stdio: ['ignore', log.fd, log.fd],
        timeout: timeoutMs,
      });
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? signal ?? 'nothing'));
    });
    if (code !== 0)
      throw new Error(`${job.argv.join(' ')} ended with ${code}:\n${await lastLines(job.logPath)}`);
  } finally {
    await log.close();
  }
}

/** Whether this very process runs, not another one that got its id. */
export async function isAlive({ pid, startedAt }: Started): Promise<boolean> {
  return (await startTime(pid)) === startedAt;
}

/** Ends a process by its signal, after `graceMs` by SIGKILL, and returns when it is gone; which of the two it took. */
export async function end(
  target: Started,
  signal: NodeJS.Signals,
  graceMs: number,
): Promise<'gone' | 'ended' | 'killed'> {
  if (!(await isAlive(target))) return 'gone';
  process.kill(target.pid, signal);
  if (await goneWithin(target, graceMs)) return 'ended';
  process.kill(target.pid, 'SIGKILL');
  await goneWithin(target, graceMs);
  return 'killed';
}

/** Waits until `look` says yes; throws with the end of the log if the process dies or time is up. */
export async function untilReady(
  target: Started,
  look: () => Promise<boolean>,
  options: { name: string; logPath: string; timeoutMs: number },
): Promise<void> {
  const { name, logPath, timeoutMs } = options;
  const deadline = Date.now() + timeoutMs;
  while (!(await look())) {
    const alive = await isAlive(target);
    if (alive && Date.now() < deadline) {
      await sleep(LOOK_EVERY_MS);
      continue;
    }
    const why = alive ? `is not ready after ${timeoutMs / 1_000} s` : 'has ended';
    throw new Error(`${name} ${why}; ${logPath} ends with:\n${await lastLines(logPath)}`);
  }
}

async function lastLines(logPath: string, count = 20): Promise<string> {
  const text = await readFile(logPath, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

/** Resident memory in MB. */
export async function residentMb(pid: number): Promise<number | undefined> {
  try {
    const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]);
    return Math.round(Number(stdout) / 1_024);
  } catch {
    return undefined;
  }
}

async function goneWithin(target: Started, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (await isAlive(target)) {
    if (Date.now() > deadline) return false;
    await sleep(LOOK_EVERY_MS);
  }
  return true;
}

/** Undefined when there is no such process, or one that has ended and was not asked how yet. */
async function startTime(pid: number): Promise<string | undefined> {
  if (!isRunning(pid)) return undefined;
  if (existsSync('/proc/self/stat')) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // The name before may hold anything, but no later ")"; the state is field 3, the start time field 22 (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || stat === '' ? undefined : fields[19];
  }
  const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.trim() || undefined;
}
