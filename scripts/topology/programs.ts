import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { defaultCacheFolder } from '../../src/dev-server/cli-cache.ts';
import { findTemporalCli } from '../../src/dev-server/find-cli.ts';
import { serviceOf, type ComposeFile } from './compose-file.ts';

const run = promisify(execFile);
/** The server alone takes some minutes on two cores. */
const BUILD_TIMEOUT_MS = 60 * 60_000;

/** Programs of the images, built from the same releases by the Go module proxy: image, then packages and their names. */
const GO_PROGRAMS = [
  { service: 'temporal', module: 'go.temporal.io/server', package: 'cmd/server', name: 'temporal-server' },
  { service: 'schema', module: 'go.temporal.io/server', package: 'cmd/tools/sql', name: 'temporal-sql-tool' },
  { service: 'ui', module: 'github.com/temporalio/ui-server/v2', package: 'cmd/server', name: 'temporal-ui' },
] as const;

export interface Programs {
  /** Folders for PATH, ours first. */
  path: string[];
  /** Configuration that the image of the UI brings. */
  uiConfig: string;
}

/** Finds or builds what the images hold, and links it into `bin` under the names that the images use. */
export async function preparePrograms(
  compose: ComposeFile,
  bin: string,
  env: NodeJS.ProcessEnv,
  log: (line: string) => void,
): Promise<Programs> {
  await mkdir(bin, { recursive: true });
  const cacheFolder = defaultCacheFolder(env);
  const link = async (target: string, name: string): Promise<void> => {
    await rm(join(bin, name), { force: true });
    await symlink(target, join(bin, name));
  };
  for (const program of GO_PROGRAMS) {
    const version = tagOf(compose, program.service);
    await link(await goProgram(program, version, cacheFolder, log), program.name);
  }
  await link((await findTemporalCli({ env, cacheFolder, log })).path, 'temporal');
  const { stdout } = await run('go', ['env', 'GOMODCACHE']);
  const uiVersion = tagOf(compose, 'ui');
  return {
    path: [bin, await postgresFolder(), ...(env['PATH'] ?? '').split(':')],
    uiConfig: join(stdout.trim(), `github.com/temporalio/ui-server/v2@v${uiVersion}`, 'config'),
  };
}

/** `1.32.1` of `temporalio/server:1.32.1`. */
function tagOf(compose: ComposeFile, service: string): string {
  return serviceOf(compose, service).image.split(':').at(-1) ?? '';
}

async function goProgram(
  program: (typeof GO_PROGRAMS)[number],
  version: string,
  cacheFolder: string,
  log: (line: string) => void,
): Promise<string> {
  const folder = join(cacheFolder, `temporal-server-${version}`, 'bin');
  const target = join(folder, program.name);
  if (existsSync(target)) return target;
  log(`building ${program.name} ${version} from the Go module proxy, once; takes minutes`);
  const building = join(folder, `building-${process.pid}`);
  await mkdir(building, { recursive: true });
  try {
    await run('go', ['install', `${program.module}/${program.package}@v${version}`], {
      env: { ...process.env, GOBIN: building, CGO_ENABLED: '0' },
      timeout: BUILD_TIMEOUT_MS,
    });
    const [built = ''] = await readdir(building);
    await rename(join(building, built), target);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return target;
}

/** Debian keeps the server's programs out of PATH, one folder a version; the newest is taken. */
async function postgresFolder(): Promise<string> {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? await readdir(root) : [];
  const newest = versions
    .map(Number)
    .filter(Number.isInteger)
    .toSorted((a, b) => b - a)[0];
  if (newest !== undefined) return join(root, String(newest), 'bin');
  const { stdout } = await run('pg_config', ['--bindir']).catch(() => {
    throw new Error('no PostgreSQL here: apt-get install postgresql');
  });
  return stdout.trim();
}
