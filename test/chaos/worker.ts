import { existsSync } from 'node:fs';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { createAccountGate } from '../../src/activities/account-gate.ts';
import { PROOF_TIMING } from '../../src/activities/deps.ts';
import { takeLatePost } from '../../src/activities/late-posts.ts';
import { createCapDesk } from '../../src/ledger/cap-desk.ts';
import type { FaultPoint } from '../../src/activities/fault-points.ts';
import type { Account } from '../../src/providers/account.ts';
import { createHttp } from '../../src/providers/http.ts';
import { simulatorControl } from '../../src/simulator/control.ts';
import { openFileStore } from '../../src/store/open-store.ts';
import { connectClient } from '../../src/dev-server/connect.ts';
import { createCallbackUrls } from '../../src/webhooks/callback-urls.ts';
import { startReceiver } from '../../src/webhooks/receiver.ts';
import { signalHint } from '../../src/webhooks/signal-hint.ts';
import { createAccountBook } from '../../src/worker/account-book.ts';
import { buildDeps } from '../../src/worker/build-deps.ts';
import { createWorkers } from '../../src/worker/create-workers.ts';
import { until } from '../support/scrapes.ts';
import { fillDiskWhile } from './full-disk.ts';
import { READY_LINE } from './worker-options.ts';
import type { ChaosWorkerOptions } from './worker-options.ts';

// A worker in a process of its own, to be killed: `node worker.js '<options as JSON>'`.

const options = JSON.parse(process.argv[2] ?? '') as ChaosWorkerOptions; // written by worker-process.ts

const reached = new Map<FaultPoint, number>();

// Nobody is left to read us when the parent is gone. Unreferenced: an orderly end must not wait for it.
process.stdin.resume().once('end', () => process.exit(1));
(process.stdin as NodeJS.ReadStream & { unref(): void }).unref(); // a pipe, which is a socket in Node

Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });
let diskIsFull = false;
if (options.diskFullFile !== undefined || options.diskFull)
  await fillDiskWhile(() => diskIsFull || existsSync(options.diskFullFile ?? ''));
const store = await openFileStore(options.storeFolder, { simulated: true });
const account: Account = {
  provider: 'scrapellm',
  name: options.account ?? 'simulator',
  baseUrl: options.simulatorUrl,
  secret: options.key,
  simulated: true,
  timeScale: options.speed,
  submitsPerSecond: options.submitsPerSecond,
  readsPerSecond: 500,
  ...(options.caps && { caps: options.caps }),
};
const accounts: Account[] =
  options.dataForSeoKey === undefined ? [account] : [account, dataForSeo(options.dataForSeoKey)];
const http = createHttp();
const webhooks = options.webhooks && (await listen(options.webhooks));
const connection = await NativeConnection.connect({ address: options.address });
const workers = await createWorkers({
  connection,
  namespace: options.namespace,
  taskQueue: options.taskQueue,
  accounts,
  deps: {
    ...buildDeps({ accounts, simulated: true, taskQueue: options.taskQueue }, store, {
      timing: options.timing,
      proof: { ...PROOF_TIMING, ...options.proof },
      http,
      fault,
      ...(webhooks && { callbacksFor: webhooks.callbacksFor }),
    }),
    gate: createAccountGate(() => performance.now(), options.probeIntervalMs),
    ...(options.caps && {
      caps: createCapDesk({ caps: store.caps, journal: store.journal, timing: options.caps, fault }),
    }),
  },
  workflowBundle: { codePath: options.bundlePath },
});
const runs = workers.map((worker) => worker.run());
process.once('SIGTERM', shutDown);
process.stdout.write(`${READY_LINE}\n`);

await Promise.all(runs);
await webhooks?.close();
await connection.close();
await http.close();

/** Named by its login, so that two of them share neither a collector nor what its searches saw. */
function dataForSeo(secret: string): Account {
  const { dataForSeoPerSecond: readsPerSecond = account.readsPerSecond } = options;
  const name = secret.split(':')[0] ?? '';
  return { ...account, provider: 'dataforseo', name, secret, readsPerSecond };
}

/** As `startWebhooks` does it for a configuration. */
async function listen({ port, publicUrl }: NonNullable<ChaosWorkerOptions['webhooks']>) {
  const urls = createCallbackUrls(publicUrl, store.owner.storeId);
  const connection = await connectClient({ address: options.address });
  const client = new Client({ connection, namespace: options.namespace });
  const book = createAccountBook(accounts, true);
  const receiver = await startReceiver({
    store,
    urls,
    sendHint: signalHint(client),
    takeLate: (scrapeId) => takeLatePost({ store, accounts: book, fault }, scrapeId),
    port,
    host: '127.0.0.1',
  });
  const close = async () => {
    await receiver.close();
    await connection.close();
  };
  return { callbacksFor: urls.callbacksFor, close };
}

async function fault(point: FaultPoint): Promise<void> {
  const nth = (reached.get(point) ?? 0) + 1;
  reached.set(point, nth);
  const { signalAt, diskFull } = options;
  if (nth === 1 && diskFull?.from === point) diskIsFull = true;
  if (diskFull?.until === point) diskIsFull = false;
  if (signalAt?.point !== point || signalAt.nth !== nth) return;
  // "Sent" means that the provider has it: an earlier death is the point before.
  if (point === 'submit:request-sent') await until(() => isBought(nth), 'the job is made');
  if (point === 'page:request-sent') await until(() => isBought(1), 'the tasks are made');
  if (signalAt.signal === 'SIGSTOP') await stopPolling();
  process.kill(process.pid, signalAt.signal);
}

function shutDown(): void {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
}

/**
 * A frozen process with open polls would swallow the tasks that others are to take over, each for a heartbeat. The worker
 * that this activity runs on cannot end before it; the others have polled their last when they have stopped.
 */
async function stopPolling(): Promise<void> {
  shutDown();
  await until(
    async () => workers.filter((worker) => worker.getState() !== 'STOPPED').length <= 1,
    'nothing is polled',
  );
}

/** At either provider; an account of its own at each tells the purchases of one test from those of another. */
async function isBought(count: number): Promise<boolean> {
  const { jobs, dataforseo } = await simulatorControl(options.simulatorUrl).ledger();
  const tasks = dataforseo.tasks.filter(({ login }) => options.dataForSeoKey?.startsWith(`${login}:`));
  return jobs.filter((job) => job.key === options.key).length + tasks.length >= count;
}
