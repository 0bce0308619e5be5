import type { ClientConnectConfig } from '@temporalio/envconfig';
import type { Attempt } from './attempt.ts';
import { defaultCacheFolder } from './cli-cache.ts';
import { DevServerError } from './dev-server-error.ts';
import { checkReachable, environmentNamespace, environmentServer } from './environment-server.ts';
import { findTemporalCli } from './find-cli.ts';
import { withFolderLock } from './folder-lock.ts';
import { untilPortFree } from './free-port.ts';
import { isRunning } from './process-command.ts';
import { ensureNamespace } from './server-namespace.ts';
import { readServerRecord, writeServerRecord, type ServerRecord } from './server-record.ts';
import { startDevServer } from './start-server.ts';
import { isServerOf, stopServer } from './stop-server.ts';

/** A server of ours that runs but does not answer for this long hangs. */
const ANSWER_TIMEOUT_MS = 10_000;
/**
 * A killed process is gone from the process list before the last of its threads is, and with that its ports. After this
 * long, whoever has them is another program.
 */
const PORTS_OF_THE_DEAD_MS = 3000;

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
  if (named) {
    await checkReachable(named);
    return { ...named, origin: 'environment', tried: [], stop: async () => {} };
  }
  const namespace = environmentNamespace(options.env);
  const running = await withFolderLock(options.folder, () => findRunning(options, namespace));
  if (running) return running;
  // Outside the lock, because it may download for minutes.
  const cacheFolder = defaultCacheFolder(options.env);
  const cli = await findTemporalCli({ env: options.env, cacheFolder, log: options.log });
  return withFolderLock(options.folder, async () => {
    const other = await findRunning(options, namespace);
    if (other) return other;
    const { folder, env, log } = options;
    const where = { folder, ...(await wishedPorts(options)), namespace };
    const started = await startDevServer({ ...where, cli: cli.path, env, log });
    const source = `started with ${cli.path} (${cli.version})`;
    const stop = () => withFolderLock(folder, () => started.stop());
    return { ...ourServer(started, namespace), origin: 'started', source, tried: cli.tried, stop };
  });
}

/** Where the server was before it ended without being stopped, so that running workers find the new one; else as asked. */
async function wishedPorts({
  folder,
  ports,
}: EnsureServerOptions): Promise<{ port: number; uiPort: number }> {
  const last = await readServerRecord(folder);
  if (!last) return { port: ports.temporal, uiPort: ports.ui };
  const port = portOf(`http://${last.address}`);
  const uiPort = portOf(last.uiUrl);
  await Promise.all([port, uiPort].map((one) => untilPortFree(one, PORTS_OF_THE_DEAD_MS)));
  return { port, uiPort };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

/**
 * The server that runs on this folder's database. One that hangs and whose owner has died is ended; one in use is left
 * to its owner, because a second server on the same database would destroy it. To be called under the folder's lock.
 */
async function findRunning(options: EnsureServerOptions, namespace: string): Promise<Server | undefined> {
  const { folder, log } = options;
  const record = await readServerRecord(folder);
  if (!record || !(await isServerOf(folder, record.pid))) return undefined;
  const orphaned = !isRunning(record.ownerPid);
  try {
    await ensureNamespace(record.address, namespace, ANSWER_TIMEOUT_MS);
  } catch (cause) {
    if (!orphaned) throw hangs(record, cause);
    log(`the Temporal server (process ${record.pid}) does not answer at ${record.address}, ending it`);
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
  if (!orphaned) return found;
  await writeServerRecord(folder, { ...record, ownerPid: process.pid });
  return { ...found, stop: () => withFolderLock(folder, () => stopServer(folder, record.pid)) };
}

function hangs({ pid, ownerPid, address }: ServerRecord, cause: unknown): DevServerError {
  const message =
    `the Temporal server at ${address} (process ${pid}, started by process ${ownerPid}) does not answer; ` +
    `end process ${ownerPid} and try again`;
  return new DevServerError('unreachable', message, { cause });
}

function ourServer({ address, uiUrl }: Pick<ServerRecord, 'address' | 'uiUrl'>, namespace: string) {
  return { address, uiUrl, namespace, connection: { address } };
}
