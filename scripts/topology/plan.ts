import { resolve } from 'node:path';
import { serviceOf, type ComposeFile, type ComposeService } from './compose-file.ts';

/** What is different on this machine: everything else comes from the compose file as it is. */
export interface Machine {
  /** Folder of the compose file. */
  repository: string;
  /** Holds volumes and the app; stands for the disk of the containers. */
  folder: string;
  /** Ports of containers, and the ones of this machine that stand for them. */
  ports: Record<number, number>;
  /** Ports that the Temporal server opens beside its published one, by variable. */
  serverPorts: Record<string, string>;
  /** What an image runs before `command`, by image name. */
  entrypoints: Record<string, string[]>;
  /** Processes of each service that may be scaled. */
  workers: number;
}

/** One process that stands for one container. */
export interface NativeProcess {
  /** `temporal`, or `worker-2` for a service that may be scaled. */
  name: string;
  service: string;
  /** Runs to its end before the next is started. */
  job: boolean;
  argv: string[];
  env: Record<string, string>;
  healthcheck: string[] | undefined;
  stopSignal: 'SIGTERM' | 'SIGINT';
  graceMs: number;
}

/** Variables that hold the name of another container. */
const HOST_VARIABLES = new Set(['SQL_HOST', 'POSTGRES_SEEDS']);

/** The services that these need, these among them, each after everything that it depends on. */
export function inOrder(compose: ComposeFile, wanted: readonly string[]): string[] {
  const order: string[] = [];
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name))
      throw new Error(`services depend on each other: ${[...path, name].join(' -> ')}`);
    if (order.includes(name)) return;
    for (const needed of Object.keys(serviceOf(compose, name).depends_on)) visit(needed, [...path, name]);
    order.push(name);
  };
  for (const name of wanted) visit(name, []);
  return order;
}

/** The processes that stand for the containers of a service. */
export function planService(compose: ComposeFile, name: string, machine: Machine): NativeProcess[] {
  const service = serviceOf(compose, name);
  const here = translator(compose, service, machine);
  const image = service.image.replace(/:[^:/]+$/, '');
  const isServer = image === 'temporalio/server';
  const base = {
    service: name,
    job: service.restart === 'no',
    argv: [...(machine.entrypoints[image] ?? []), ...service.command].map(here),
    env: {
      ...Object.fromEntries(
        Object.entries(service.environment).map(([key, value]) => [
          key,
          HOST_VARIABLES.has(key) ? '127.0.0.1' : here(value),
        ]),
      ),
      ...(isServer && machine.serverPorts),
    },
    healthcheck: service.healthcheck?.test.slice(1).map(here),
    // The image of PostgreSQL says so: SIGTERM would wait for all clients to leave.
    stopSignal: image === 'postgres' ? ('SIGINT' as const) : ('SIGTERM' as const),
    graceMs: Number.parseInt(service.stop_grace_period, 10) * 1_000,
  };
  if (service.deploy === undefined) return [{ ...base, name }];
  return Array.from({ length: machine.workers }, (_, index) => ({ ...base, name: `${name}-${index + 1}` }));
}

/** Where a file or folder of a container is on this machine. */
export function nativePath(
  compose: ComposeFile,
  service: ComposeService,
  machine: Machine,
  path: string,
): string {
  for (const [inside, outside] of mounts(compose, service, machine)) {
    if (path === inside || path.startsWith(`${inside}/`)) return outside + path.slice(inside.length);
  }
  throw new Error(`nothing of this machine is mounted at ${path}`);
}

function mounts(compose: ComposeFile, service: ComposeService, machine: Machine): Array<[string, string]> {
  const volumes = service.volumes.map((volume): [string, string] => {
    const [source = '', target = ''] = volume.split(':');
    const outside = source.startsWith('.')
      ? resolve(machine.repository, source)
      : resolve(machine.folder, 'volumes', source);
    return [target, outside];
  });
  const secrets = service.secrets.map((name): [string, string] => [
    `/run/secrets/${name}`,
    resolve(machine.repository, compose.secrets[name]?.file ?? ''),
  ]);
  return [...volumes, ...secrets, ['/app', resolve(machine.folder, 'app')]];
}

/** Paths, ports and addresses of a container to those of this machine, wherever they stand in a text. */
function translator(
  compose: ComposeFile,
  service: ComposeService,
  machine: Machine,
): (text: string) => string {
  const paths = mounts(compose, service, machine);
  const hosts = Object.keys(compose.services).join('|');
  return (text) => {
    let result = text
      .replace(new RegExp(`^(?:${hosts})(?=:\\d+$)`), '127.0.0.1')
      .replace('0.0.0.0', '127.0.0.1');
    for (const [port, native] of Object.entries(machine.ports)) {
      result = result.replace(new RegExp(`(?<![\\d.])${port}(?![\\d.])`, 'g'), String(native));
    }
    for (const [inside, outside] of paths) {
      if (result === inside || result.startsWith(`${inside}/`)) return outside + result.slice(inside.length);
    }
    return result;
  };
}
