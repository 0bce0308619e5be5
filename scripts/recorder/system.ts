import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import type { WorkflowHandleWithStartDetails } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { defaultCacheFolder } from '../../src/dev-server/cli-cache.ts';
import { connectClient } from '../../src/dev-server/connect.ts';
import { findTemporalCli } from '../../src/dev-server/find-cli.ts';
import { freePort } from '../../src/dev-server/free-port.ts';
import { startDevServer } from '../../src/dev-server/start-server.ts';
import type { Account } from '../../src/providers/account.ts';
import { createHttp } from '../../src/providers/http.ts';
import type { Http, HttpOutcome } from '../../src/providers/http.ts';
import { simulatorControl } from '../../src/simulator/control.ts';
import type { SimulatorControl } from '../../src/simulator/control.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { openFileStore } from '../../src/store/open-store.ts';
import { StoreError } from '../../src/store/store-error.ts';
import type { Store } from '../../src/store/store.ts';
import { createCallbackUrls } from '../../src/webhooks/callback-urls.ts';
import { startReceiver } from '../../src/webhooks/receiver.ts';
import { signalHint } from '../../src/webhooks/signal-hint.ts';
import { buildDeps } from '../../src/worker/build-deps.ts';
import { createWorkers } from '../../src/worker/create-workers.ts';
import {
  SIMULATOR_KEY,
  SIMULATOR_LOGIN,
  SIMULATOR_PASSWORD,
} from '../../src/contracts/simulator-credentials.ts';

const NAMESPACE = 'default';
const TASK_QUEUE = 'gleaner';
/** Engines' usual times are divided by it: looks come a second apart, or after the word of a collector. */
const SPEED = 20;
/** Lost answers settle fast; the protocol is the same. */
const FAST_TIMING = { sendByMs: 1_000, httpTimeoutMs: 3_000, marginMs: 500 };

/** A whole Gleaner on a Temporal server of its own, with two faults that the simulator cannot make. */
export interface RecordingSystem {
  client: Client;
  control: SimulatorControl;
  store: Store;
  /** What the next calls to the provider are answered, instead of asking it. */
  nextReplies: HttpOutcome[];
  /** How many receipts from now on cannot be written. */
  lostReceipts: { count: number };
  /** Listens for posted results while `act` runs; only what is bought meanwhile is posted. */
  whilePosting<T>(act: () => Promise<T>): Promise<T>;
  start(type: string, workflowId: string, input: unknown): Promise<WorkflowHandleWithStartDetails>;
  close(): Promise<void>;
}

/** Starts server, simulator and workers; needs a Temporal CLI (found or fetched as for `gleaner demo`). */
export async function startRecordingSystem(log: (line: string) => void): Promise<RecordingSystem> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-recorder-'));
  const { env } = process;
  const cli = await findTemporalCli({ env, cacheFolder: defaultCacheFolder(env), log });
  const at = { folder: join(folder, 'server'), port: 0, uiPort: 0, namespace: NAMESPACE };
  const server = await startDevServer({ ...at, cli: cli.path, env, log });
  const connection = await connectClient({ address: server.address });
  const nativeConnection = await NativeConnection.connect({ address: server.address });
  const simulator = await startSimulator({
    seed: 1,
    speed: SPEED,
    knobs: { attemptFailureRate: 0, durationMs: 200 },
    dataforseo: { knobs: { durationMs: 200 } },
  });
  const store = await openFileStore(join(folder, 'store'), { simulated: true });
  const nextReplies: HttpOutcome[] = [];
  const lostReceipts = { count: 0 };
  const accounts = [simulatorAccount(simulator.url), dataForSeoAccount(simulator.url)];
  const deps = buildDeps(
    { accounts, simulated: true, taskQueue: TASK_QUEUE },
    withLostReceipts(store, lostReceipts),
    { timing: FAST_TIMING, http: withReplies(createHttp(), nextReplies) },
  );
  const common = { connection: nativeConnection, namespace: NAMESPACE, taskQueue: TASK_QUEUE };
  const workers = await createWorkers({ ...common, accounts, deps });
  const runs = workers.map((worker) => worker.run());
  const client = new Client({ connection, namespace: NAMESPACE });
  async function whilePosting<T>(act: () => Promise<T>): Promise<T> {
    const port = await freePort(18_809);
    const urls = createCallbackUrls(`http://127.0.0.1:${port}`, 'signs what is recorded');
    const receiver = await startReceiver({
      store,
      urls,
      sendHint: signalHint(client),
      port,
      host: '127.0.0.1',
    });
    deps.callbacksFor = urls.callbacksFor;
    try {
      return await act();
    } finally {
      delete deps.callbacksFor;
      await receiver.close();
    }
  }
  return {
    client,
    control: simulatorControl(simulator.url),
    store,
    nextReplies,
    lostReceipts,
    whilePosting,
    start: (type, workflowId, input) =>
      client.workflow.start(type, {
        taskQueue: TASK_QUEUE,
        workflowId,
        args: [input],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      }),
    close: async () => {
      workers.forEach((worker) => worker.shutdown());
      await Promise.all(runs);
      await nativeConnection.close();
      await connection.close();
      await simulator.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits for a condition with a deadline. */
export async function until<T>(look: () => Promise<T | undefined | false>, what: string): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited a minute in vain until ${what}`);
    await sleep(50);
  }
}

function simulatorAccount(baseUrl: string): Account {
  return {
    provider: 'scrapellm',
    name: 'simulator',
    baseUrl,
    secret: SIMULATOR_KEY,
    simulated: true,
    timeScale: SPEED,
    submitsPerSecond: 100,
    readsPerSecond: 500,
  };
}

function dataForSeoAccount(baseUrl: string): Account {
  return {
    ...simulatorAccount(baseUrl),
    provider: 'dataforseo',
    secret: `${SIMULATOR_LOGIN}:${SIMULATOR_PASSWORD}`,
  };
}

function withReplies(http: Http, replies: HttpOutcome[]): Http {
  return { ...http, send: async (request, options) => replies.shift() ?? http.send(request, options) };
}

function withLostReceipts(store: Store, lost: { count: number }): Store {
  const journal: Store['journal'] = {
    ...store.journal,
    createReceipt: async (receipt) => {
      if (lost.count === 0) return store.journal.createReceipt(receipt);
      lost.count -= 1;
      throw new StoreError('unavailable', 'journal', 'the receipt cannot be written (on purpose)');
    },
  };
  return { ...store, journal };
}
