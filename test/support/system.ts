import {
  SIMULATOR_KEY,
  SIMULATOR_LOGIN,
  SIMULATOR_PASSWORD,
} from '../../src/contracts/simulator-credentials.ts';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { DefaultLogger, Runtime, bundleWorkflowCode } from '@temporalio/worker';
import type { Worker, WorkflowBundleWithSourceMap } from '@temporalio/worker';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import type { Account } from '../../src/providers/account.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import type { Simulator, SimulatorOptions } from '../../src/simulator/simulator.ts';
import { simulatorControl } from '../../src/simulator/control.ts';
import { openFileStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { buildDeps } from '../../src/worker/build-deps.ts';
import { WORKFLOWS_PATH, createWorkers } from '../../src/worker/create-workers.ts';
import { createNamespace } from './namespace.ts';
import type { TestNamespace } from './namespace.ts';

/** A whole Gleaner in this process: namespace, store, simulator, workers. For tests on a real Temporal server. */
export interface TestSystem extends TestNamespace {
  folder: string;
  store: Store;
  simulator: Simulator;
  control: ReturnType<typeof simulatorControl>;
  account: Account;
  /** The same simulator as the other provider; workers serve it if `dataforseo` options are given. */
  dataforseo: Account;
  /** Starts workers with other dependencies beside the ones that run. */
  startWorkers(overrides?: Partial<ActivityDeps>, accounts?: Account[]): Promise<RunningWorkers>;
  /** Stops all workers in an orderly way. */
  stopWorkers(): Promise<void>;
  newId(): string;
}

interface RunningWorkers {
  stop(): Promise<void>;
}

/** Lost answers settle fast in tests; the protocol is the same. */
const FAST_TIMING = { sendByMs: 1_000, httpTimeoutMs: 3_000, marginMs: 500 };

/** Everything that workers of this process logged. Not printed: failures are what these tests are about. */
export const logLines: string[] = [];
Runtime.install({
  logger: new DefaultLogger('DEBUG', (entry) => logLines.push(inspect(entry, { depth: 10 }))),
});

export async function createSystem(
  options: SimulatorOptions = {},
  overrides: Partial<ActivityDeps> & { submitsPerSecond?: number; secret?: string } = {},
): Promise<TestSystem> {
  const { submitsPerSecond = 100, secret = SIMULATOR_KEY, ...depsOverrides } = overrides;
  const space = await createNamespace();
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-test-'));
  const simulator = await startSimulator({ seed: 1, speed: 20, ...options });
  const store = await openFileStore(join(folder, 'store'), { simulated: true });
  const account: Account = {
    provider: 'scrapellm',
    name: 'simulator',
    baseUrl: simulator.url,
    secret,
    simulated: true,
    timeScale: options.speed ?? 20,
    submitsPerSecond,
    readsPerSecond: 500,
  };
  const dataforseo: Account = {
    ...account,
    provider: 'dataforseo',
    secret: `${SIMULATOR_LOGIN}:${SIMULATOR_PASSWORD}`,
    submitsPerSecond: 20,
  };
  const served = options.dataforseo ? [account, dataforseo] : [account];
  const running: RunningWorkers[] = [];
  const startWorkers = async (
    more: Partial<ActivityDeps> = {},
    accounts = served,
  ): Promise<RunningWorkers> => {
    const deps = buildDeps({ accounts, simulated: true, taskQueue: 'gleaner' }, store, {
      timing: FAST_TIMING,
      ...depsOverrides,
      ...more,
    });
    const workers = await createWorkers({
      connection: space.nativeConnection,
      namespace: space.namespace,
      taskQueue: 'gleaner',
      accounts,
      deps,
      workflowBundle: await bundle(),
    });
    const handle = runAll(workers);
    running.push(handle);
    return handle;
  };
  await startWorkers();
  return {
    ...space,
    folder,
    store,
    simulator,
    control: simulatorControl(simulator.url),
    account,
    dataforseo,
    startWorkers,
    stopWorkers: async () => {
      await Promise.all(running.splice(0).map((workers) => workers.stop()));
    },
    newId: () => `scrape/test/${randomUUID()}`,
    close: async () => {
      await Promise.all(running.map((workers) => workers.stop()));
      await space.close();
      await simulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function runAll(workers: Worker[]): RunningWorkers {
  const runs = workers.map((worker) => worker.run());
  let stopped: Promise<void> | undefined;
  return {
    stop: () => {
      stopped ??= (async () => {
        workers.forEach((worker) => worker.shutdown());
        await Promise.all(runs);
      })();
      return stopped;
    },
  };
}

let bundled: Promise<WorkflowBundleWithSourceMap> | undefined;

function bundle(): Promise<WorkflowBundleWithSourceMap> {
  bundled ??= bundleWorkflowCode({ workflowsPath: WORKFLOWS_PATH, logger: new DefaultLogger('ERROR') });
  return bundled;
}
