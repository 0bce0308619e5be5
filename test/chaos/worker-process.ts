import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { READY_LINE } from './worker-options.ts';
import type { ChaosWorkerOptions } from './worker-options.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A worker process and how it ended. */
export interface WorkerProcess {
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Sends a signal; one to a process that is gone is lost. */
  signal(name: NodeJS.Signals): void;
  /** Whether the kernel has stopped it (SIGSTOP). */
  isFrozen(): Promise<boolean>;
  /** `kill -9`, and waits until the process is gone. */
  kill(): Promise<void>;
}

/**
 * Starts a worker (`script`, from compiled-worker.ts) and waits until it polls, or is dead already because it was told to
 * die.
 */
export async function startWorkerProcess(
  script: string,
  options: ChaosWorkerOptions,
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [script, JSON.stringify(options)], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  const ready = new Promise<void>((resolve) => {
    createInterface(child.stdout).on('line', (line) => line === READY_LINE && resolve());
  });
  const early = await Promise.race([ready, exited]);
  if (early && early.signal === null)
    throw new Error(`the worker ended with ${early.code} before it was ready`);
  return {
    exited,
    signal: (name) => void child.kill(name),
    isFrozen: async () => {
      const { stdout } = await promisify(execFile)('ps', ['-o', 'state=', '-p', String(child.pid)]);
      return stdout.trim().startsWith('T');
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
