import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { DefaultLogger, makeTelemetryFilterString, NativeConnection, Runtime } from '@temporalio/worker';
import type { AccountCaps } from '../../src/contracts/caps.ts';
import { SIMULATOR_KEY } from '../../src/contracts/simulator-credentials.ts';
import { connectClient } from '../../src/dev-server/connect.ts';
import { ensureServer } from '../../src/dev-server/ensure-server.ts';
import { CAP_TIMING } from '../../src/ledger/account-desk.ts';
import { createCapDesk } from '../../src/ledger/cap-desk.ts';
import type { Account } from '../../src/providers/account.ts';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import { createFileObjectStore } from '../../src/store/file-object-store.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { buildDeps } from '../../src/worker/build-deps.ts';
import { createWorkers } from '../../src/worker/create-workers.ts';

/** Calls to the store, all of them and those to the logs of caps, and how long purchases waited for their money. */
export interface Meter {
  calls: number;
  capCalls: number;
  reserveMs: number;
}

/** One store and one simulator that outlive any number of Temporal databases. */
export interface CapWorld {
  store: Store;
  simulator: Simulator;
  meter: Meter;
  /** Moves midnight. */
  day: { shiftMs: number };
  /** A server with an empty database. */
  newServer(): Promise<TemporalServer>;
  close(): Promise<void>;
}

export interface TemporalServer {
  client: Client;
  /** A worker process' workers, whose account has these caps. */
  startWorkers(caps: AccountCaps | undefined): Promise<{ stop(): Promise<void> }>;
  /** Ends the server at once and throws its database away. */
  lose(): Promise<void>;
}

export async function openCapWorld(): Promise<CapWorld> {
  const filter = makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' });
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter } } });
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-cap-'));
  const simulator = await startSimulator({ seed: 1, knobs: { attemptFailureRate: 0, durationMs: 200 } });
  const meter: Meter = { calls: 0, capCalls: 0, reserveMs: 0 };
  const store = await openStore(metered(createFileObjectStore(join(folder, 'store')), meter), {
    simulated: true,
  });
  const day = { shiftMs: 0 };
  let servers = 0;
  const parts = { store, simulator, meter, day };
  return {
    ...parts,
    newServer: async () => {
      servers += 1;
      return newServer(join(folder, `server-${servers}`), parts);
    },
    close: async () => {
      await simulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Parts = Pick<CapWorld, 'store' | 'simulator' | 'meter' | 'day'>;

async function newServer(folder: string, parts: Parts): Promise<TemporalServer> {
  const server = await ensureServer({
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    folder,
    ports: { temporal: 17_343, ui: 18_343 },
    log: (line) => console.error(line),
  });
  const connection = await connectClient(server.connection);
  const client = new Client({ connection, namespace: server.namespace });
  return {
    client,
    startWorkers: async (caps) => {
      const native = await NativeConnection.connect(server.connection);
      const accounts = [accountOf(parts.simulator, caps)];
      const deps = buildDeps({ accounts, simulated: true, taskQueue: 'gleaner' }, parts.store, {
        caps: meteredDesk(parts),
        searchAttributes: false,
      });
      const { namespace } = server;
      const workers = await createWorkers({
        connection: native,
        namespace,
        taskQueue: 'gleaner',
        accounts,
        deps,
      });
      const runs = workers.map((worker) => worker.run());
      return {
        stop: async () => {
          workers.forEach((worker) => worker.shutdown());
          await Promise.allSettled(runs);
          await deps.http.close();
          await native.close();
        },
      };
    },
    lose: async () => {
      await server.stop();
      await connection.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function meteredDesk({ store, meter, day }: Parts): ReturnType<typeof createCapDesk> {
  const timing = {
    ...CAP_TIMING,
    get dayShiftMs() {
      return day.shiftMs;
    },
  };
  const { caps, journal } = store;
  const desk = createCapDesk({ caps, journal, timing, fault: () => undefined });
  return {
    ...desk,
    reserve: async (account, uses) => {
      const begun = performance.now();
      const answers = await desk.reserve(account, uses);
      meter.reserveMs += performance.now() - begun;
      return answers;
    },
  };
}

function accountOf({ url }: Simulator, caps: AccountCaps | undefined): Account {
  return {
    provider: 'scrapellm',
    name: 'simulator',
    baseUrl: url,
    secret: SIMULATOR_KEY,
    simulated: true,
    timeScale: 20,
    submitsPerSecond: 40,
    readsPerSecond: 500,
    ...(caps && { caps }),
  };
}

function metered(objects: ObjectStore, meter: Meter): ObjectStore {
  const count = <T>(key: string, call: () => T): T => {
    meter.calls += 1;
    if (key.startsWith('caps/')) meter.capCalls += 1;
    return call();
  };
  return {
    ...objects,
    get: (key) => count(key, () => objects.get(key)),
    put: (key, body) => count(key, () => objects.put(key, body)),
    list: (key) => count(key, () => objects.list(key)),
    createExclusive: (key, body) => count(key, () => objects.createExclusive(key, body)),
  };
}
