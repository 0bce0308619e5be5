import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { CliError } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** From one crash to the next start; doubled up to the maximum, since a crash at start would repeat at once. */
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;
/** Longer than a worker waits for its calls. */
const STOP_TIMEOUT_MS = 60_000;

export const listeningSchema = z.object({ port: z.int(), publicUrl: z.string() });
export type Listening = z.infer<typeof listeningSchema>;

/** Of the line that `gleaner worker --json` prints. */
const readySchema = z.object({ webhooks: listeningSchema.optional() });

export interface WorkerProcess {
  /** Where the first worker listens for posted results, and our address as providers are told; absent if it does not. */
  webhooks: Listening | undefined;
  pid(): number | undefined;
  /** Ends the worker in an orderly way, and does not start it again. */
  stop(): Promise<void>;
  /** Ends it now; a submit in flight is settled by its journal when the next worker runs. */
  kill(): void;
}

/**
 * Runs `gleaner worker` as a process of its own and starts it again when it crashes. Resolves once it is ready; throws if
 * the first one ends before that, because the next would too.
 */
export async function startWorkerProcess(args: string[], terminal: Terminal): Promise<WorkerProcess> {
  let stopping = false;
  let child = launch(args, terminal);
  const { webhooks } = await ready(child);
  const watched = watch();

  async function watch(): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
      const startedAt = Date.now();
      const why = await endOf(child);
      if (stopping) return;
      if (Date.now() - startedAt > MAX_PAUSE_MS) pauseMs = FIRST_PAUSE_MS;
      terminal.say(
        `worker ${child.pid} ended unexpectedly (${why}); starting it again. Nothing is bought twice.`,
      );
      await sleep(pauseMs);
      if (stopping) return;
      child = launch(args, terminal);
      ready(child).then(
        () => terminal.say(`worker ${child.pid} is ready`),
        () => undefined, // its end is noticed above
      );
    }
  }

  return {
    webhooks,
    pid: () => child.pid,
    kill: () => void child.kill('SIGKILL'),
    async stop() {
      stopping = true;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await endOf(child);
      clearTimeout(timer);
      await Promise.race([watched, sleep(0)]);
    },
  };
}

/** Detached, so that Ctrl-C in our terminal does not reach it before we have decided what ends when. */
function launch(args: string[], terminal: Terminal): ChildProcess {
  const entry = process.argv[1] ?? '';
  const child = spawn(process.execPath, [...process.execArgv, entry, 'worker', '--json', ...args], {
    cwd: terminal.cwd,
    env: terminal.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  if (child.stderr) {
    createInterface(child.stderr).on('line', (line) => {
      if (!line.startsWith('gleaner · ')) terminal.say(line); // its header is ours
    });
  }
  return child;
}

async function ready(child: ChildProcess): Promise<z.infer<typeof readySchema>> {
  const isReady = new Promise<string>((resolve) => {
    if (child.stdout) createInterface(child.stdout).on('line', resolve);
  });
  const ended = endOf(child).then((why) => {
    throw new CliError(`the worker did not start (${why}); its own words are above`);
  });
  return readySchema.parse(JSON.parse(await Promise.race([isReady, ended])));
}

async function endOf(child: ChildProcess): Promise<string> {
  if (child.exitCode === null && child.signalCode === null) {
    await Promise.race([once(child, 'exit'), once(child, 'error').then(([error]) => Promise.reject(error))]);
  }
  return child.signalCode ?? `exit code ${child.exitCode}`;
}
