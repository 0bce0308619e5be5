import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { defaultCacheFolder } from '../../src/dev-server/cli-cache.ts';
import { connectClient } from '../../src/dev-server/connect.ts';
import { findTemporalCli } from '../../src/dev-server/find-cli.ts';
import { freePort } from '../../src/dev-server/free-port.ts';
import { startDevServer } from '../../src/dev-server/start-server.ts';
import { ensureSearchAttributes } from '../../src/dev-server/register-search-attributes.ts';
import { simulatorControl, type SimulatorControl } from '../../src/simulator/control.ts';
import { startComponent, type Component } from './component.ts';
import type { BenchOptions } from './options.ts';
import { UNLIMITED_PER_SECOND, setRateLimit } from './rate-limit.ts';

/** Everything that the three phases share. */
export interface World {
  client: Client;
  address: string;
  namespace: string;
  /** Processes of the Temporal server; empty if it runs elsewhere. */
  serverPids: number[];
  simulator: Component & { url: string; control: SimulatorControl };
  /** For Gleaner's own processes and its client: a home of its own, no key, this server. */
  env: NodeJS.ProcessEnv;
  /** Empty, removed at the end. */
  folder: string;
  log: (line: string) => void;
  close(): Promise<void>;
}

/** Starts a server (or reaches the one that is named) and the simulator, each a process of its own. */
export async function startWorld(options: BenchOptions, log: (line: string) => void): Promise<World> {
  const ends: Array<() => Promise<void>> = [];
  const close = async (): Promise<void> => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  try {
    return { ...(await openWorld(options, log, ends)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Adds to `ends` what ends each thing that it has started, also if it cannot start the next. */
async function openWorld(
  options: BenchOptions,
  log: (line: string) => void,
  ends: Array<() => Promise<void>>,
): Promise<Omit<World, 'close'>> {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-throughput-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const server = options.address
    ? { address: options.address, pids: options.serverPids, stop: async () => {} }
    : await ownServer(folder, log);
  ends.push(server.stop);
  const { address } = server;
  const connection = await connectClient({ address });
  ends.push(() => connection.close());
  const namespace = options.namespace ?? `gleaner-bench-${Date.now()}`;
  if (!options.namespace) await createNamespace(connection, namespace);
  for (const kind of ['submit', 'read'] as const) {
    await setRateLimit(connection, namespace, kind, UNLIMITED_PER_SECOND, options.provider.name);
  }
  const webhookPort = String(await freePort(0));
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    GLEANER_HOME: join(folder, 'home'),
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    TEMPORAL_CONFIG_FILE: 'none',
    ...(options.webhooks && {
      GLEANER_WEBHOOK_URL: `http://127.0.0.1:${webhookPort}`,
      GLEANER_WEBHOOK_PORT: webhookPort,
    }),
  };
  const simulator = await startSimulator(options, env);
  ends.push(() => simulator.stop());
  return {
    client: new Client({ connection, namespace }),
    address,
    namespace,
    serverPids: server.pids,
    simulator,
    env,
    folder,
    log,
  };
}

async function ownServer(folder: string, log: (line: string) => void) {
  const { env } = process;
  const cli = await findTemporalCli({ env, cacheFolder: defaultCacheFolder(env), log });
  const started = await startDevServer({
    cli: cli.path,
    folder,
    port: 0,
    uiPort: 0,
    namespace: 'default',
    env,
    log,
  });
  return { address: started.address, pids: [started.pid], stop: () => started.stop() };
}

/** A namespace of the bench's own, because Gleaner binds a namespace to one store. Usable after some tens of milliseconds. */
async function createNamespace(connection: Connection, namespace: string): Promise<void> {
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      await ensureSearchAttributes(connection, namespace);
      await connection.workflowService.countWorkflowExecutions({ namespace, query: `BatchId = 'x'` });
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

async function startSimulator(
  { build, speed }: BenchOptions,
  env: NodeJS.ProcessEnv,
): Promise<World['simulator']> {
  const port = await freePort(18_808);
  const simulator = await startComponent(
    [join(build, 'cli/main.js'), 'simulator', '--json', '--port', String(port), '--speed', String(speed)],
    env,
  );
  const { url } = simulator.ready as { url: string }; // what `gleaner simulator --json` prints
  return { ...simulator, url, control: simulatorControl(url) };
}
