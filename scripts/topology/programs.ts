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

/** A Go program of which a release is built and kept. */
export interface GoProgram {
  module: string;
  package: string;
  /** Name that the built file gets. */
  name: string;
  /** Beginning of its folder in the cache; the release follows. */
  folder: string;
}

const SERVER = { module: 'go.temporal.io/server', folder: 'temporal-server' };
const UI = { module: 'github.com/temporalio/ui-server/v2', folder: 'temporal-ui' };

/** Programs that the images of these services hold, under the names that they have there, and where they come from. */
const IMAGE_PROGRAMS = [
  { service: 'temporal', ...SERVER, package: 'cmd/server', name: 'temporal-server' },
  { service: 'schema', ...SERVER, package: 'cmd/tools/sql', name: 'temporal-sql-tool' },
  { service: 'ui', ...UI, package: 'cmd/server', name: 'temporal-ui' },
];

export interface Programs {
  /** Folders for PATH, ours first. */
  path: string[];
  /** Folder of the `config` that the image of the UI brings; empty if the UI is not wanted. */
  uiRoot: string;
}

/** Finds or builds what the images of these services hold, and links it into `bin` under the names that the images use. */
export async function preparePrograms(
  compose: ComposeFile,
  services: readonly string[],
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
  for (const program of IMAGE_PROGRAMS.filter(({ service }) => services.includes(service))) {
    const version = tagOf(compose, program.service);
    await link(await goProgram(program, version, cacheFolder, log), program.name);
  }
  await link((await findTemporalCli({ env, cacheFolder, log })).path, 'temporal');
  return {
    path: [bin, await postgresFolder(), ...(env['PATH'] ?? '').split(':')],
    uiRoot: services.includes('ui') ? await uiRoot(tagOf(compose, 'ui')) : '',
  };
}

/** `1.32.1` of `temporalio/server:1.32.1`. */
function tagOf(compose: ComposeFile, service: string): string {
  return serviceOf(compose, service).image.split(':').at(-1) ?? '';
}

/** Path of a built release, built now if it was not before. */
export async function goProgram(
  program: GoProgram,
  version: string,
  cacheFolder: string,
  log: (line: string) => void,
): Promise<string> {
  const folder = join(cacheFolder, `${program.folder}-${version}`);
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
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    if (isMissing)
      throw new Error(`no Go here to build ${program.name} with: https://go.dev/doc/install`, { cause });
    throw cause;
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return target;
}

/** The UI's image copies it from the source, which the build has left in Go's module cache. */
async function uiRoot(version: string): Promise<string> {
  const { stdout } = await run('go', ['env', 'GOMODCACHE']);
  return join(stdout.trim(), `${UI.module}@v${version}`);
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
