import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DevServerError } from './dev-server-error.ts';
import { freePort } from './free-port.ts';
import { ensureNamespace } from './server-namespace.ts';
import { serverArguments } from './server-arguments.ts';
import { databasePath, writeServerRecord } from './server-record.ts';
import { stopServer } from './stop-server.ts';

/** A server is up in 0.5 to 1.5 s; a large database on a busy machine needs longer. */
const START_TIMEOUT_MS = 60_000;
/** Between two looks whether it is up. */
const LOOK_EVERY_MS = 100;
const LOOK_TIMEOUT_MS = 1000;
/**
 * The CLI prints this once its server listens. Before that, whoever answers on the port is another server, which took
 * the port after our probe. A CLI that prints something else costs these ten seconds.
 */
const BANNER = 'Temporal Server:';
const BANNER_TIMEOUT_MS = 10_000;
/** Somebody may take a port between our probe and the server's start. */
const STARTS_TO_TRY = 3;

export interface StartOptions {
  /** Path of the Temporal CLI. */
  cli: string;
  /** Holds temporal.db, temporal.log and server.json; created if missing. */
  folder: string;
  /** Tried first, then the next free ones; 0 takes any free port. */
  port: number;
  uiPort: number;
  namespace: string;
  env: NodeJS.ProcessEnv;
  log: (line: string) => void;
}

export interface StartedServer {
  address: string;
  uiUrl: string;
  pid: number;
  started: true;
  /** Ends the server in an orderly way; returns when its process is gone. */
  stop(): Promise<void>;
}

/**
 * Starts a Temporal dev server on the folder's database and waits until it serves the namespace.
 *
 * The server is in a session of its own, so Ctrl-C in our terminal does not reach it: we decide when it ends, after our
 * workers have. If we are killed it lives on, and the next run finds it by server.json.
 */
export async function startDevServer(options: StartOptions): Promise<StartedServer> {
  await mkdir(options.folder, { recursive: true });
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(options.port);
    const uiPort = await freePort(options.uiPort, [port]);
    if (options.port !== 0 && port !== options.port) {
      options.log(`port ${options.port} is taken, Temporal gets ${port}`);
    }
    if (options.uiPort !== 0 && uiPort !== options.uiPort) {
      options.log(`port ${options.uiPort} is taken, the Temporal UI gets ${uiPort}`);
    }
    const result = await launch(options, port, uiPort);
    if (result.ok) return result.server;
    if (!result.portTaken || attempt === STARTS_TO_TRY) throw startFailed(options.folder, result.reason);
  }
}

type Launch = { ok: true; server: StartedServer } | { ok: false; portTaken: boolean; reason: string };

async function launch(options: StartOptions, port: number, uiPort: number): Promise<Launch> {
  const { cli, folder, namespace } = options;
  const address = `127.0.0.1:${port}`;
  const logFile = await open(join(folder, 'temporal.log'), 'a');
  const logStart = (await logFile.stat()).size;
  const args = serverArguments({ database: databasePath(folder), port, uiPort, namespace });
  const child = spawn(cli, args, {
    detached: true,
    stdio: ['ignore', logFile.fd, logFile.fd],
    env: serverEnvironment(options.env),
  });
  const ended = endOf(child);
  await logFile.close();
  if (child.pid === undefined) return { ok: false, portTaken: false, reason: await ended };
  const { pid } = child;
  child.unref();
  // Before it is up: a server whose parent is killed now must be found by the next run too.
  const uiUrl = `http://127.0.0.1:${uiPort}`;
  await writeServerRecord(folder, {
    pid,
    ownerPid: process.pid,
    address,
    uiUrl,
    startedAt: new Date().toISOString(),
  });
  const said = async () =>
    (await readFile(join(folder, 'temporal.log'))).subarray(logStart).toString().trim();
  const failure = await untilServing(address, namespace, said, ended);
  if (failure === undefined) {
    return { ok: true, server: { address, uiUrl, pid, started: true, stop: () => stopServer(folder, pid) } };
  }
  await stopServer(folder, pid);
  const lastWords = (await said()).slice(-600);
  const reason = lastWords === '' ? failure : `${failure}: ${lastWords}`;
  return { ok: false, portTaken: lastWords.includes('address already in use'), reason };
}

/** Undefined once it serves, else why it does not. */
async function untilServing(
  address: string,
  namespace: string,
  said: () => Promise<string>,
  ended: Promise<string>,
): Promise<string | undefined> {
  let end: string | undefined;
  void ended.then((reason) => (end = reason));
  const begun = Date.now();
  while (Date.now() < begun + START_TIMEOUT_MS) {
    if (end !== undefined) return end;
    if ((await said()).includes(BANNER) || Date.now() > begun + BANNER_TIMEOUT_MS) {
      const serves = await ensureNamespace(address, namespace, LOOK_TIMEOUT_MS).then(
        () => true,
        () => false,
      );
      if (serves) return undefined;
    }
    await Promise.race([sleep(LOOK_EVERY_MS), ended]);
  }
  return `did not serve within ${START_TIMEOUT_MS / 1000} s`;
}

/** Resolves with why the process ended. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`ended with ${signal ?? `exit code ${code}`}`));
  });
}

/** The server gets none of our variables: provider keys are not its business, and TEMPORAL_* would change its meaning. */
function serverEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG'];
  return Object.fromEntries(kept.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

function startFailed(folder: string, reason: string): DevServerError {
  const message = `the Temporal dev server did not start (log: ${join(folder, 'temporal.log')}): ${reason}`;
  return new DevServerError('start-failed', message);
}
