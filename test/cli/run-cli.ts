import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { inject } from 'vitest';

export interface CliRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CliPlace {
  cwd: string;
  env: Record<string, string>;
}

/** Starts the real entry as a process of its own, with nothing of this process's environment but where programs are. */
export function spawnCli(args: readonly string[], { cwd, env }: CliPlace): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  return spawn(process.execPath, [inject('gleanerMain'), ...args], { cwd, env: { PATH, HOME, ...env } });
}

/** Far longer than any command takes, and shorter than a test may: nothing of a failed test stays behind. */
const RUN_TIMEOUT_MS = 60_000;

/** Runs a command to its end. */
export async function runCli(args: readonly string[], place: CliPlace): Promise<CliRun> {
  const child = spawnCli(args, place);
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const timer = setTimeout(() => child.kill('SIGKILL'), RUN_TIMEOUT_MS);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  return { code, stdout: stdout(), stderr: stderr() };
}

/** What a stream said so far. */
export function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return () => text;
}
