import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../src/dev-server/free-port.ts';
import type { User } from './postgres.ts';

/** Ports that containers listen on, each in a network of its own. */
export const CONTAINER_PORTS = {
  postgres: 5432,
  temporal: 7233,
  ui: 8080,
  simulator: 8818,
  webhooks: 8809,
} as const;

const PASSWORD = 'postgres_password';

/** Ports that the server opens for its own parts; in a container nobody else has them. */
export const SERVER_PORT_VARIABLES = [
  'FRONTEND_MEMBERSHIP_PORT',
  'FRONTEND_HTTP_PORT',
  'HISTORY_GRPC_PORT',
  'HISTORY_MEMBERSHIP_PORT',
  'MATCHING_GRPC_PORT',
  'MATCHING_MEMBERSHIP_PORT',
  'WORKER_GRPC_PORT',
  'WORKER_MEMBERSHIP_PORT',
] as const;

/** Free ports of this machine for all of them. The server's own port is the grpc port of its front end. */
export async function choosePorts(): Promise<{
  ports: Record<number, number>;
  serverPorts: Record<string, string>;
}> {
  const taken: number[] = [];
  const next = async (wished: number): Promise<number> => {
    const port = await freePort(wished, taken);
    taken.push(port);
    return port;
  };
  const ports: Record<number, number> = {};
  // Far from what else listens here: a container port itself may be in use by a service of this machine.
  for (const port of Object.values(CONTAINER_PORTS)) ports[port] = await next(port + 20_000);
  const serverPorts: Record<string, string> = { FRONTEND_GRPC_PORT: String(ports[CONTAINER_PORTS.temporal]) };
  for (const [index, name] of SERVER_PORT_VARIABLES.entries()) {
    serverPorts[name] = String(await next(27_300 + index));
  }
  return { ports, serverPorts };
}

/**
 * Makes a random password for the database unless there is one; it never leaves this folder. Of the other secrets, those
 * that are not there are made empty: what they are for is not used.
 */
export async function ensureSecrets(
  secrets: string,
  names: readonly string[],
  owner: User | undefined,
): Promise<void> {
  const path = join(secrets, PASSWORD);
  await mkdir(secrets, { recursive: true });
  await chmod(secrets, 0o711);
  const others = names.filter((name) => name !== PASSWORD && !existsSync(join(secrets, name)));
  for (const name of others) await writeFile(join(secrets, name), '', { mode: 0o600 });
  if (existsSync(path)) return;
  await writeFile(path, randomBytes(24).toString('hex'), { mode: 0o600 });
  if (owner) await chown(path, owner.uid, owner.gid);
}
