import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildApp, readEntrypoint } from './app.ts';
import { inOrder, nativePath, planService, type Machine, type NativeProcess } from './plan.ts';
import { readCompose, serviceOf, type ComposeFile } from './compose-file.ts';
import { choosePorts, CONTAINER_PORTS, ensureSecrets } from './machine.ts';
import { postgresArguments, postgresUser, preparePostgres, type User } from './postgres.ts';
import { end, runJob, start, untilReady } from './processes.ts';
import { preparePrograms } from './programs.ts';
import { readState, writeState, type RunningProcess, type TopologyState } from './state.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const DATA_PATH = '/var/lib/postgresql/data';
/** A busy machine needs this for a first start; a job tries for a minute itself. */
const READY_TIMEOUT_MS = 180_000;

export interface TopologyOptions {
  /** Holds data, logs, secrets and the app. Made if missing; other users have to be able to enter the folders above. */
  folder: string;
  /** Worker processes; default: `GLEANER_WORKERS` of the compose file, 1. */
  workers?: number;
  /** Fills in the compose file's variables, and reaches Gleaner's processes where the compose file sets nothing else. */
  env?: Record<string, string>;
  /** Default: the simulator's worker and the web UI; `worker` and `webhook-worker` need keys in the folder's `secrets`. */
  services?: readonly string[];
  log?: (line: string) => void;
}

export interface Topology extends Omit<TopologyState, 'processes'> {
  folder: string;
  ports: { postgres: number; temporal: number; ui: number; simulator: number };
  /** What runs, in the order of its start. */
  processes(): readonly RunningProcess[];
  /** Ends a process in the way of the compose file and starts it again; runs a job again. */
  restart(name: string): Promise<void>;
  /** `kill -9`. */
  kill(name: string): void;
  /** Ends everything in reverse order; with `volumes` the folder goes too. */
  down(options?: { volumes?: boolean }): Promise<void>;
}

/** Starts the services of docker-compose.yml as processes of this machine. If one fails, those before it are ended. */
export async function startTopology(options: TopologyOptions): Promise<Topology> {
  const { folder, env = {}, services = ['simulated-worker', 'ui'], log = () => undefined } = options;
  const secrets = join(folder, 'secrets');
  const compose = await readCompose(join(REPOSITORY, 'docker-compose.yml'), {
    ...env,
    ...(options.workers !== undefined && { GLEANER_WORKERS: String(options.workers) }),
    GLEANER_SECRETS: secrets,
  });
  const order = inOrder(compose, services);
  await refuseIfUp(folder);
  for (const part of ['logs', 'volumes']) await mkdir(join(folder, part), { recursive: true });
  await chmod(folder, 0o711); // PostgreSQL runs as another user
  const user = await postgresUser();
  await ensureSecrets(secrets, Object.keys(compose.secrets), user);
  log('building the app');
  await buildApp(REPOSITORY, join(folder, 'app'));
  const programs = await preparePrograms(compose, order, join(folder, 'bin'), process.env, log);
  const machine: Machine = {
    repository: REPOSITORY,
    folder,
    ...(await choosePorts()),
    entrypoints: {
      gleaner: await readEntrypoint(join(REPOSITORY, 'Dockerfile')),
      'temporalio/ui': ['temporal-ui', '--root', programs.uiRoot, '--env', 'docker', 'start'],
    },
    workers: options.workers ?? serviceOf(compose, 'worker').deploy?.replicas ?? 1,
  };
  const state: TopologyState = { ...addresses(machine), clientEnv: {}, processes: [] };
  const base = { PATH: programs.path.join(':'), HOME: folder, LANG: 'C.UTF-8' };
  const context: Context = { compose, machine, user, base, env, state };
  const plans = order.flatMap((name) => planService(compose, name, machine));
  state.clientEnv = clientEnv(plans);
  try {
    for (const plan of plans) {
      const begun = Date.now();
      await bringUp(context, plan);
      log(`${plan.name}: ${plan.job ? 'done' : 'up'} after ${((Date.now() - begun) / 1_000).toFixed(1)} s`);
    }
  } catch (error) {
    await stopTopology(folder);
    throw error;
  }
  const { address, uiUrl } = state;
  return {
    folder,
    address,
    uiUrl,
    clientEnv: state.clientEnv,
    ports: nativePorts(machine),
    processes: () => state.processes,
    async restart(name) {
      const plan = plans.find((one) => one.name === name);
      if (!plan) throw new Error(`nothing is called ${name}`);
      const running = state.processes.find((one) => one.name === name);
      if (running) await end(running, running.stopSignal, running.graceMs);
      await bringUp(context, plan);
    },
    kill: (name) => void process.kill(find(state, name).pid, 'SIGKILL'),
    down: (how) => stopTopology(folder, how),
  };
}

/** Ends what an earlier `startTopology` started in this folder, the last one first. Returns what had to be killed. */
export async function stopTopology(folder: string, options: { volumes?: boolean } = {}): Promise<void> {
  const state = await readState(folder);
  for (const running of state?.processes.toReversed() ?? []) {
    await end(running, running.stopSignal, running.graceMs);
  }
  await rm(join(folder, 'topology.json'), { force: true });
  if (options.volumes) await rm(folder, { recursive: true, force: true });
}

interface Context {
  compose: ComposeFile;
  machine: Machine;
  user: User | undefined;
  base: Record<string, string>;
  env: Record<string, string>;
  state: TopologyState;
}

async function bringUp(context: Context, plan: NativeProcess): Promise<void> {
  const { compose, machine, base, state } = context;
  const { folder } = machine;
  const service = serviceOf(compose, plan.service);
  const logPath = join(folder, 'logs', `${plan.name}.log`);
  const ours = service.build === undefined ? {} : context.env;
  const what = { argv: plan.argv, env: { ...base, ...ours, ...plan.env }, cwd: folder, logPath };
  if (plan.job) return runJob(what, READY_TIMEOUT_MS);
  const isPostgres = plan.service === 'postgres';
  if (isPostgres) {
    const data = nativePath(compose, service, machine, DATA_PATH);
    const withPath = { ...plan, env: what.env };
    await preparePostgres(withPath, data, context.user);
    what.argv = postgresArguments(plan, data, nativePorts(machine).postgres);
  }
  const logStart = existsSync(logPath) ? (await stat(logPath)).size : 0;
  const started = await start({ ...what, user: isPostgres ? context.user : undefined });
  const { name, stopSignal, graceMs } = plan;
  const running = { name, service: plan.service, ...started, stopSignal, graceMs, logPath };
  const place = state.processes.findIndex((other) => other.name === name);
  // Started again, it keeps its place: the order of the ends is the reverse of this one.
  state.processes = place < 0 ? [...state.processes, running] : state.processes.with(place, running);
  await writeState(folder, state);
  const ready = plan.healthcheck
    ? () => succeeds(plan.healthcheck ?? [], what.env)
    : service.build === undefined
      ? () => answers(state.uiUrl ?? '')
      : async () => (await readFile(logPath)).subarray(logStart).includes('ready: ');
  await untilReady(started, ready, { name, logPath, timeoutMs: READY_TIMEOUT_MS });
}

/** Runs a health check of the compose file. */
async function succeeds(argv: string[], env: Record<string, string>): Promise<boolean> {
  const [program = '', ...args] = argv;
  if (program === 'nc') return listens(argv.at(-2) ?? '', Number(argv.at(-1))); // in the image, not on every machine
  return promisify(execFile)(program, args, { env, timeout: 5_000 }).then(
    () => true,
    () => false,
  );
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function refuseIfUp(folder: string): Promise<void> {
  const state = await readState(folder);
  if (state)
    throw new Error(
      `${folder} has a topology that was not ended: npm run topology -- down --folder ${folder}`,
    );
}

function addresses(machine: Machine): { address: string; uiUrl: string } {
  const { temporal, ui } = nativePorts(machine);
  return { address: `127.0.0.1:${temporal}`, uiUrl: `http://127.0.0.1:${ui}` };
}

function nativePorts({ ports }: Machine): Topology['ports'] {
  const native = (port: number): number => ports[port] ?? port;
  const { postgres, temporal, ui, simulator } = CONTAINER_PORTS;
  return {
    postgres: native(postgres),
    temporal: native(temporal),
    ui: native(ui),
    simulator: native(simulator),
  };
}

/** What a client on this machine sets to use the same server and store as the workers. */
function clientEnv(plans: readonly NativeProcess[]): Record<string, string> {
  return plans.findLast(({ service }) => service.endsWith('worker'))?.env ?? {};
}

function find(state: TopologyState, name: string): RunningProcess {
  const running = state.processes.find((one) => one.name === name);
  if (!running) throw new Error(`nothing that runs is called ${name}`);
  return running;
}
