import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CLI_VERSION, moveIntoCache } from './cli-cache.ts';

/** Where the host cannot be reached pip shall have its turn soon; on a line too slow for this, pip has more patience. */
const SDK_DOWNLOAD_TIMEOUT_MS = 20_000;

/**
 * The SDK downloads as a part of starting a server, so this starts one in memory and ends it. It runs in a process of
 * its own, because it would fix the SDK's process-wide runtime before a worker can set its own options.
 */
const DOWNLOAD_SCRIPT = `
  const [worker, downloadDir, version] = process.argv.slice(1);
  const { Runtime } = require(worker);
  const runtime = Runtime.instance();
  const exe = { type: 'cached-download', downloadDir, version, ttl: 1e9, sdkName: 'sdk-typescript', sdkVersion: '' };
  const server = { type: 'dev-server', exe, namespace: 'default', ip: '127.0.0.1', port: null, uiPort: null,
    dbFilename: null, ui: false, log: { format: 'pretty', level: 'error' }, extraArgs: [] };
  runtime.createEphemeralServer(server)
    .then((started) => runtime.shutdownEphemeralServer(started))
    .then(() => process.exit(0), (error) => { console.error(error.message); process.exit(1); });
`;

export interface SdkDownloadOptions {
  env: NodeJS.ProcessEnv;
  cacheFolder: string;
  log: (line: string) => void;
}

/** Fetches the CLI from Temporal's download host by the SDK's own code into the cache; throws within 20 s. */
export async function fetchBySdk(options: SdkDownloadOptions): Promise<string> {
  await mkdir(options.cacheFolder, { recursive: true });
  const folder = await mkdtemp(join(options.cacheFolder, 'sdk-'));
  try {
    options.log(`fetching the Temporal CLI ${CLI_VERSION} from temporal.download …`);
    await runDownload(folder, options.env);
    // The name is the SDK's: sdk-core's ephemeral_server calls a fixed version `temporal-<version>`.
    return await moveIntoCache(join(folder, `temporal-v${CLI_VERSION}`), options.cacheFolder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runDownload(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const worker = createRequire(import.meta.url).resolve('@temporalio/worker');
  const child = spawn(process.execPath, ['-e', DOWNLOAD_SCRIPT, worker, folder, `v${CLI_VERSION}`], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    // A process group, so that a server it started ends with it.
    detached: true,
  });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, SDK_DOWNLOAD_TIMEOUT_MS);
  try {
    const exit = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const [code, stderr] = await Promise.all([exit, text(child.stderr)]);
    if (timedOut) throw new Error(`no download within ${SDK_DOWNLOAD_TIMEOUT_MS / 1000} s`);
    if (code !== 0) throw new Error(stderr.trim().split('\n').at(-1)?.slice(0, 300) ?? `exit code ${code}`);
  } finally {
    clearTimeout(timer);
  }
}
