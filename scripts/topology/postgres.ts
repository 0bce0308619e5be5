import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { NativeProcess } from './plan.ts';

const run = promisify(execFile);

/** Who a process runs as; undefined for ourselves. */
export interface User {
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root, so root runs it as the user that its package made. */
export async function postgresUser(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)),
  );
  return { uid: uid ?? 0, gid: gid ?? 0 };
}

/** What the image's entry point does before it runs `command`: makes the data folder at the first start. */
export async function preparePostgres(
  plan: NativeProcess,
  data: string,
  user: User | undefined,
): Promise<void> {
  if (existsSync(join(data, 'PG_VERSION'))) return;
  await mkdir(data, { recursive: true, mode: 0o700 });
  if (user) await chown(data, user.uid, user.gid);
  const { POSTGRES_USER = '', POSTGRES_PASSWORD_FILE = '' } = plan.env;
  await run(
    'initdb',
    [
      `--pgdata=${data}`,
      `--username=${POSTGRES_USER}`,
      `--pwfile=${POSTGRES_PASSWORD_FILE}`,
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--auth=scram-sha-256',
    ],
    { ...user, cwd: dirname(data), env: plan.env },
  );
}

/** `command` of the compose file, with the data folder, the port and the address of this machine. */
export function postgresArguments(plan: NativeProcess, data: string, port: number): string[] {
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${data}`];
  return [...plan.argv, '-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
}
