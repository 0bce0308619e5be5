import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ScaleSystem } from './system.ts';
import type { MeteredProcess } from './usage-meter.ts';

/** As Compose's `restart: unless-stopped` and `gleaner up` wait before they start a worker again. */
const RESTART_PAUSE_MS = 1_000;
/** Longer than a worker waits for the calls that run. */
const STOP_TIMEOUT_MS = 60_000;

export interface WorkerFleet {
  processes(): MeteredProcess[];
  /** `kill -9` of the n-th worker, from 0; returns its name when it is gone, and its next life begins at once. */
  kill(n: number): Promise<string>;
  /** `kill -9` of all at once, for good; returns when they are gone. */
  killAll(): Promise<void>;
  /** Lives that ended although nobody had ended them, once they were ready. */
  selfEnded: string[];
  /** Ends all in an orderly way. */
  stop(): Promise<void>;
}

interface Worker {
  name: string;
  child?: ChildProcess;
  killed: boolean;
}

/** Runs worker processes and starts each again whenever it ends. Returns when all are ready; throws if one cannot start. */
export async function startFleet(system: ScaleSystem, count: number, folder: string): Promise<WorkerFleet> {
  const logs = join(folder, 'logs');
  await mkdir(logs, { recursive: true });
  const workers = Array.from({ length: count }, (_, n): Worker => ({
    name: `worker-${n + 1}`,
    killed: false,
  }));
  const selfEnded: string[] = [];
  let stopping = false;

  /** One life; returns whether it became ready. */
  async function live(worker: Worker, onReady: () => void): Promise<boolean> {
    const listens = system.webhooks && worker === workers[0];
    const child = spawn(
      process.execPath,
      [system.main, 'worker', '--json', ...(listens ? ['--webhooks'] : [])],
      {
        env: system.env,
        // Detached, so that Ctrl-C reaches us alone; the channel ends it when we are gone.
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    worker.child = child;
    worker.killed = false;
    const exited = once(child, 'exit');
    const log = createWriteStream(join(logs, `${worker.name}.log`), { flags: 'a' });
    child.stderr?.pipe(log);
    let ready = false;
    if (child.stdout)
      createInterface(child.stdout).once('line', () => {
        ready = true;
        onReady();
      });
    await exited;
    return ready;
  }

  async function keepAlive(worker: Worker, onReady: () => void, onFirstEnd: (error: Error) => void) {
    for (;;) {
      if (stopping) return;
      const wasReady = await live(worker, onReady);
      onFirstEnd(new Error(`${worker.name} did not start; see ${join(logs, `${worker.name}.log`)}`));
      if (stopping || worker.killed) continue;
      if (wasReady) selfEnded.push(worker.name);
      await sleep(RESTART_PAUSE_MS);
    }
  }

  const supervisors: Array<Promise<void>> = [];
  const started = workers.map(
    (worker) => new Promise<void>((resolve, reject) => supervisors.push(keepAlive(worker, resolve, reject))),
  );
  const fleet: WorkerFleet = {
    selfEnded,
    processes: () =>
      workers.flatMap(({ name, child }) =>
        child?.pid !== undefined && isAlive(child) ? [{ role: 'worker', name, pid: child.pid }] : [],
      ),
    async kill(n) {
      const worker = workers[n % workers.length];
      if (!worker?.child) throw new Error(`there is no worker ${n}`);
      const { child } = worker;
      worker.killed = true;
      if (isAlive(child)) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      return worker.name;
    },
    async killAll() {
      stopping = true;
      for (const { child } of workers) child?.kill('SIGKILL');
      await Promise.all(supervisors);
    },
    async stop() {
      stopping = true;
      for (const { child } of workers) child?.kill('SIGTERM');
      const late = setTimeout(() => workers.forEach(({ child }) => child?.kill('SIGKILL')), STOP_TIMEOUT_MS);
      await Promise.all(supervisors);
      clearTimeout(late);
    },
  };
  try {
    await Promise.all(started);
  } catch (error) {
    await fleet.stop();
    throw error;
  }
  return fleet;
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
