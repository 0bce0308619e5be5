import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosWorkerOptions } from '../worker-options.ts';
import { startWorkerProcess } from '../worker-process.ts';
import type { WorkerProcess } from '../worker-process.ts';

/** Worker processes, each started again whenever it ends, as a supervisor does. */
export interface Fleet {
  /** `kill -9` of one; false if it is just being started. */
  kill(slot: number): Promise<boolean>;
  /** Stops one in the kernel for a while (SIGSTOP), as a machine that swaps or a laptop that sleeps. */
  freeze(slot: number, ms: number): Promise<boolean>;
  /** Port of a receiver that listens now. */
  webhookPort(): number | undefined;
  /** Lives that ended although nobody had ended them. */
  selfEnded: number;
  lives: number;
  stop(): Promise<void>;
}

/** A place for one worker at a time, of the version that its script is compiled from. */
export interface Slot {
  script: string;
  options: ChaosWorkerOptions;
}

export function startFleet(slots: readonly Slot[]): Fleet {
  const workers = slots.map((): Life => ({ killed: false }));
  let stopping = false;
  const fleet: Fleet = {
    selfEnded: 0,
    lives: 0,
    async kill(slot) {
      const worker = workers[slot];
      if (!worker?.process) return false;
      worker.killed = true;
      await worker.process.kill();
      return true;
    },
    async freeze(slot, ms) {
      const process = workers[slot]?.process;
      if (!process) return false;
      process.signal('SIGSTOP');
      await sleep(ms);
      process.signal('SIGCONT');
      return true;
    },
    webhookPort() {
      const alive = slots.filter((_, slot) => workers[slot]?.process);
      return alive[fleet.lives % Math.max(1, alive.length)]?.options.webhooks?.port;
    },
    async stop() {
      stopping = true;
      for (const { process } of workers) await process?.kill();
      await Promise.all(supervised);
    },
  };
  const keepAlive = async ({ script, options }: Slot, worker: Life): Promise<void> => {
    for (;;) {
      if (stopping) return;
      worker.killed = false;
      const started = await startWorkerProcess(script, options).catch(() => undefined); // the server may be down
      fleet.lives += 1;
      if (!started) {
        await sleep(500);
        continue;
      }
      worker.process = started;
      if (stopping) await started.kill();
      await started.exited;
      delete worker.process;
      if (!worker.killed && !stopping) fleet.selfEnded += 1;
    }
  };
  const supervised = slots.map((each, slot) => keepAlive(each, workers[slot] ?? { killed: false }));
  return fleet;
}

interface Life {
  process?: WorkerProcess;
  /** By us. */
  killed: boolean;
}
