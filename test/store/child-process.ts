import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessByStdio, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const SCRIPT = fileURLToPath(new URL('./store-child.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Runs a command of the system; whether it is there and ended well. */
export function succeeds(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

export interface Child {
  process: ChildProcessByStdio<Writable, Readable, null>;
  exited: Promise<unknown>;
  nextLine(): Promise<string>;
  kill(): Promise<void>;
}

/** Runs `store-child.ts` in a process of its own, behind `wrapper` if given (such as strace), killed when the test ends. */
export function startChild(args: string[], options: SpawnOptions = {}, wrapper: string[] = []): Child {
  const [command = '', ...rest] = [...wrapper, process.execPath, '--import', 'tsx', SCRIPT, ...args];
  const child = spawn(command, rest, {
    ...options,
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines: Interface = createInterface(child.stdout);
  const iterator = lines[Symbol.asyncIterator]();
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  onTestFinished(kill);
  return {
    process: child,
    exited,
    kill,
    async nextLine() {
      const next = await iterator.next();
      if (next.done) throw new Error('the child ended without a line');
      return next.value;
    },
  };
}
