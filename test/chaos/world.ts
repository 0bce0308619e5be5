import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { batchId } from '../../src/contracts/ids.ts';
import type { BatchInput, BatchRecord } from '../../src/contracts/batch.ts';
import { simulatorControl } from '../../src/simulator/control.ts';
import type { SimulatorControl } from '../../src/simulator/control.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import type { SimulatorOptions } from '../../src/simulator/simulator.ts';
import { openFileStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { WORKFLOWS_PATH } from '../../src/worker/create-workers.ts';
import { createNamespace } from '../support/namespace.ts';
import type { TestNamespace } from '../support/namespace.ts';
import { compileWorker } from './compiled-worker.ts';
import type { ChaosWorkerOptions } from './worker-options.ts';
import { startWorkerProcess } from './worker-process.ts';
import type { WorkerProcess } from './worker-process.ts';
import { SIMULATOR_KEY } from '../../src/contracts/simulator-credentials.ts';

/**
 * Answers may come late on a busy machine without being lost. A killed worker is noticed after 10 s (its heartbeat), so
 * an outcome that settles within 9.5 s makes no test wait longer.
 */
const CHAOS_TIMING = { sendByMs: 3_000, httpTimeoutMs: 6_000, marginMs: 500 };

/** One store and one provider; workers and Temporal databases come and go. */
export interface ChaosWorld {
  store: Store;
  control: SimulatorControl;
  simulatorUrl: string;
  /** An empty Temporal database: a namespace of its own. */
  newDatabase(): Promise<TestNamespace>;
  startWorker(space: TestNamespace, overrides?: Partial<ChaosWorkerOptions>): Promise<WorkerProcess>;
  /** Kills all workers, closes the rest and removes the store. */
  close(): Promise<void>;
}

export async function createWorld(
  options: SimulatorOptions & { submitsPerSecond?: number } = {},
): Promise<ChaosWorld> {
  const { submitsPerSecond = 100, speed = 20, ...simulatorOptions } = options;
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-chaos-'));
  const storeFolder = join(folder, 'store');
  const bundlePath = join(folder, 'workflows.js');
  const script = await compileWorker(join(folder, 'compiled'));
  const simulator = await startSimulator({ seed: 1, speed, ...simulatorOptions });
  const store = await openFileStore(storeFolder, { simulated: true });
  const { code } = await bundleWorkflowCode({
    workflowsPath: WORKFLOWS_PATH,
    logger: new DefaultLogger('ERROR'),
  });
  await writeFile(bundlePath, code);
  const spaces: TestNamespace[] = [];
  const workers: WorkerProcess[] = [];
  return {
    store,
    control: simulatorControl(simulator.url),
    simulatorUrl: simulator.url,
    async newDatabase() {
      const space = await createNamespace();
      spaces.push(space);
      return space;
    },
    async startWorker({ address, namespace }, overrides = {}) {
      const worker = await startWorkerProcess(script, {
        address,
        namespace,
        taskQueue: 'gleaner',
        storeFolder,
        simulatorUrl: simulator.url,
        key: SIMULATOR_KEY,
        speed,
        submitsPerSecond,
        bundlePath,
        timing: CHAOS_TIMING,
        ...overrides,
      });
      workers.push(worker);
      return worker;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.kill()));
      await Promise.all(spaces.map((space) => space.close()));
      await simulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts a scrape of ChatGPT as the Temporal CLI would. */
export function startScrape(
  space: TestNamespace,
  options: { prompt: string; taskQueue?: string; workflowId?: string },
): Promise<WorkflowHandle> {
  const { prompt, taskQueue = 'gleaner', workflowId = `scrape/test/${randomUUID()}` } = options;
  return space.client.workflow.start('scrapeWorkflow', {
    taskQueue,
    workflowId,
    args: [{ scraper: 'scrapellm/chatgpt', prompt }],
  });
}

/** Starts a batch as the Temporal CLI would. */
export function startBatch(
  space: TestNamespace,
  input: BatchInput,
  taskQueue = 'gleaner',
): Promise<WorkflowHandle<() => Promise<BatchRecord>>> {
  return space.client.workflow.start<() => Promise<BatchRecord>>('batchWorkflow', {
    taskQueue,
    workflowId: batchId(input.name),
    args: [input] as never, // typed by name only, as from the Temporal CLI
  });
}
