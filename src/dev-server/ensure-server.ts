import type { ClientConnectConfig } from '@temporalio/envconfig';
import type { Attempt } from './attempt.ts';
import { defaultCacheFolder } from './cli-cache.ts';
import { answers, connectClient } from './connect.ts';
import { DevServerError } from './dev-server-error.ts';
import { environmentNamespace, environmentServer, type EnvironmentServer } from './environment-server.ts';
import { findTemporalCli } from './find-cli.ts';
import { withFolderLock } from './folder-lock.ts';
import { isRunning } from './process-command.ts';
import { readServerRecord, writeServerRecord, type ServerRecord } from './server-record.ts';
import { startDevServer } from './start-server.ts';
import { isServerOf, stopServer } from './stop-server.ts';

/** A server of ours that runs but does not answer for this long hangs. */
const ANSWER_TIMEOUT_MS = 10_000;

export interface EnsureServerOptions {
  env: NodeJS.ProcessEnv;
  /** Absolute; holds the dev server's database, log and server.json. */
  folder: string;
  /** Tried first when a server is started. */
  ports: { temporal: number; ui: number };
  log: (line: string) => void;
}

export interface Server {
  address: string;
  namespace: string;
  /** Known for our own servers only. */
  uiUrl?: string;
  /** For `Connection.connect` and `NativeConnection.connect`. */
  connection: ClientConnectConfig['connectionOptions'];
  origin: 'environment' | 'running' | 'started';
  /** For people: where the address comes from. */
  source: string;
  /** Where a CLI was looked for; empty unless a server was started. */
  tried: Attempt[];
  /** Ends the server if this process started it, or took it over from one that was killed; else does nothing. */
  stop(): Promise<void>;
}

/**
 * The server to work with: the one the environment names, else the one that runs on this folder's database, else one
 * that is started now. Throws `DevServerError`.
 */
export async function ensureServer(options: EnsureServerOptions): Promise<Server> {
  const named = environmentServer(options.env);
  if (named) return connectToNamed(named);
  const namespace = environmentNamespace(options.env);
  const running = await withFolderLock(options.folder, () => findRunning(options, namespace));
  if (running) return running;
  // Outside the lock, because it may download for minutes.
  const cacheFolder = defaultCacheFolder(options.env);
  const cli = await findTemporalCli({ env: options.env, cacheFolder, log: options.log });
  return withFolderLock(options.folder, async () => {
    const other = await findRunning(options, namespace);
    if (other) return other;
    const { folder, ports, env, log } = options;
    const started = await startDevServer({
      ...{ cli: cli.path, folder, port: ports.temporal, uiPort: ports.ui, namespace, env, log },
    });
    const source = `started with ${cli.path} (${cli.version})`;
    const stop = () => withFolderLock(folder, () => started.stop());
    return { ...ourServer(started, namespace), origin: 'started', source, tried: cli.tried, stop };
  });
}

async function connectToNamed(named: EnvironmentServer): Promise<Server> {
  try {
    await (await connectClient(named.connection)).close();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `cannot reach the Temporal server at ${named.address} (set by ${named.source}): ${why}`;
    throw new DevServerError('unreachable', message, { cause });
  }
  return { ...named, origin: 'environment', tried: [], stop: async () => {} };
}

/** The server that runs on this folder's database. One that hangs is killed. To be called under the folder's lock. */
async function findRunning(options: EnsureServerOptions, namespace: string): Promise<Server | undefined> {
  const { folder } = options;
  const record = await readServerRecord(folder);
  if (!record || !(await isServerOf(folder, record.pid))) return undefined;
  if (!(await answers(record.address, namespace, ANSWER_TIMEOUT_MS))) {
    options.log(
      `the Temporal server (process ${record.pid}) does not answer at ${record.address}, ending it`,
    );
    await stopServer(folder, record.pid);
    return undefined;
  }
  const source = `running since ${record.startedAt} (process ${record.pid})`;
  const found: Server = {
    ...ourServer(record, namespace),
    origin: 'running',
    source,
    tried: [],
    stop: async () => {},
  };
  if (isRunning(record.ownerPid)) return found;
  await writeServerRecord(folder, { ...record, ownerPid: process.pid });
  return { ...found, stop: () => withFolderLock(folder, () => stopServer(folder, record.pid)) };
}

function ourServer({ address, uiUrl }: Pick<ServerRecord, 'address' | 'uiUrl'>, namespace: string) {
  return { address, uiUrl, namespace, connection: { address } };
}
