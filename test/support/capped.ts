import { onTestFinished } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import type { AccountCaps } from '../../src/contracts/caps.ts';
import { createCapDesk } from '../../src/ledger/cap-desk.ts';
import { simulatorControl, type SimulatorControl } from '../../src/simulator/control.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { createFileObjectStore } from '../../src/store/file-object-store.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import type { Store } from '../../src/store/store.ts';
import { buildDeps } from '../../src/worker/build-deps.ts';
import { bothAccounts } from './accounts.ts';
import { NO_COLLECTOR } from './no-collector.ts';

/** A store and a simulator, and worker processes on them whose accounts have a cap; without a Temporal server. */
export interface CappedWorld {
  store: Store;
  control: SimulatorControl;
  /** Keys of the store that were asked for or written, in order. */
  calls: string[];
  /** What another worker process would have: its own desk on the same store. */
  newWorker(options?: WorkerOptions): ActivityDeps;
}

interface WorkerOptions {
  caps?: AccountCaps;
  graceMs?: number;
  /** Moves midnight. */
  dayShiftMs?: () => number;
  overrides?: Partial<ActivityDeps>;
}

export async function openCappedWorld(caps?: AccountCaps): Promise<CappedWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-caps-'));
  const simulator = await startSimulator({ seed: 1, dataforseo: { knobs: { durationMs: 0 } } });
  onTestFinished(async () => {
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  });
  const calls: string[] = [];
  const objects = watched(createFileObjectStore(join(folder, 'store')), calls);
  const store = await openStore(objects, { simulated: true });
  return {
    store,
    control: simulatorControl(simulator.url),
    calls,
    newWorker({ caps: own = caps, graceMs = 60_000, dayShiftMs = () => 0, overrides = {} } = {}) {
      const accounts = bothAccounts(simulator.url, 20).map((account) => ({
        ...account,
        ...(own && { caps: own }),
      }));
      const { fault = () => undefined } = overrides;
      const timing = {
        graceMs,
        get dayShiftMs() {
          return dayShiftMs();
        },
      };
      return buildDeps({ accounts, simulated: true, taskQueue: 'gleaner' }, store, {
        collector: NO_COLLECTOR,
        caps: createCapDesk({ caps: store.caps, journal: store.journal, timing, fault }),
        ...overrides,
      });
    },
  };
}

function watched(objects: ObjectStore, calls: string[]): ObjectStore {
  return {
    ...objects,
    get: (key) => (calls.push(`get ${key}`), objects.get(key)),
    list: (key) => (calls.push(`list ${key}`), objects.list(key)),
    createExclusive: (key, body) => (calls.push(`create ${key}`), objects.createExclusive(key, body)),
  };
}
