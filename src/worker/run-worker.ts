import { NativeConnection, type NativeConnectionOptions, type Worker } from '@temporalio/worker';
import { bindStore } from '../client/store-binding.ts';
import type { KnownServer } from '../client/find-server.ts';
import { connectTo, toTemporal } from '../client/temporal.ts';
import { countWorkers } from '../client/why-waiting.ts';
import type { Config } from '../config/config.ts';
import { ensureSearchAttributes } from '../dev-server/register-search-attributes.ts';
import { openFileStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { buildDeps } from './build-deps.ts';
import { createWorkers } from './create-workers.ts';
import { startWebhooks } from './start-webhooks.ts';
import type { LogLevelName } from './log-levels.ts';
import { installRuntime } from './worker-logger.ts';
import { prebuiltBundle } from './workflow-bundle.ts';

export interface RunWorkerOptions {
  server: KnownServer;
  /** Default `warn`. */
  logLevel?: LogLevelName;
  /** Listens for what providers post. Default false. */
  webhooks?: boolean;
  /** One line each. */
  log: (line: string) => void;
}

export interface RunningWorker {
  /** Worker processes that polled this task queue already when this one began. */
  others: number;
  /** Search attributes that could not be registered: runs cannot be listed by them. */
  missingSearchAttributes: string[];
  /** Where providers post to, if this process listens. */
  webhooks?: { port: number; publicUrl: string };
  /** Ends after the calls that run now; a submit in flight is waited for. */
  stop(): void;
  /** Resolves when all workers have ended; rejects if one of them failed. */
  ended: Promise<void>;
}

/**
 * Opens the store, binds the namespace to it and starts the workers of one process. Throws `StoreError` if the store is
 * of the other kind (simulated or real), `GleanerError` if the namespace works with another store.
 */
export async function runWorker(config: Config, options: RunWorkerOptions): Promise<RunningWorker> {
  installRuntime(options.logLevel ?? 'warn', options.log);
  const store = await openFileStore(config.store, { simulated: config.simulated });
  const { server } = options;
  const { others, missing } = await prepareNamespace(config, server, store);
  const webhooks = await startWebhooks(config, { store, server, listen: options.webhooks ?? false });
  const connection = await NativeConnection.connect({ ...server.connection, ...compression(server) });
  const { callbacksFor, listening } = webhooks;
  const deps = buildDeps(config, store, {
    searchAttributes: missing.length === 0,
    ...(callbacksFor && { callbacksFor }),
  });
  const workflowBundle = prebuiltBundle();
  const workers = await createWorkers({
    connection,
    namespace: server.namespace,
    taskQueue: config.taskQueue,
    accounts: config.accounts,
    deps,
    workers: config.workers,
    ...(workflowBundle && { workflowBundle }),
  });
  const stop = (): void => workers.forEach(shutDown);
  const runs = workers.map(async (worker) => {
    try {
      await worker.run();
    } finally {
      stop(); // a process that serves some of its queues only would look healthy
    }
  });
  const ended = (async () => {
    // All of them, also when one failed: a submit in flight is waited for.
    const results = await Promise.allSettled(runs);
    await webhooks.close();
    await deps.http.close();
    await connection.close();
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  })();
  return {
    others,
    missingSearchAttributes: missing,
    ...(listening && { webhooks: listening }),
    stop,
    ended,
  };
}

/**
 * The SDK packs every call with gzip, which costs the server a twelfth of its CPU (bench/throughput.ts) and pays over
 * the internet only. There a connection has TLS; one without leads to this machine or into a private network.
 */
function compression({ connection }: KnownServer): NativeConnectionOptions {
  const isPrivate = !connection.tls && !connection.apiKey; // a key implies TLS
  return isPrivate ? { grpcCompression: { codec: 'none' } } : {};
}

async function prepareNamespace(
  config: Config,
  server: KnownServer,
  store: Store,
): Promise<{ others: number; missing: string[] }> {
  const connection = await connectTo(server);
  try {
    const temporal = toTemporal(connection, server, config.taskQueue);
    const others = await countWorkers(temporal);
    const { missing } = await ensureSearchAttributes(connection, server.namespace);
    await bindStore(temporal, store);
    return { others, missing };
  } finally {
    await connection.close();
  }
}

function shutDown(worker: Worker): void {
  if (worker.getState() === 'RUNNING') worker.shutdown();
}
