import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { defaultCacheFolder } from '../../src/dev-server/cli-cache.ts';
import { findTemporalCli } from '../../src/dev-server/find-cli.ts';
import { isRunning } from '../../src/dev-server/process-command.ts';
import { readServerRecord } from '../../src/dev-server/server-record.ts';
import { startDevServer } from '../../src/dev-server/start-server.ts';
import { stopServer } from '../../src/dev-server/stop-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** host:port of the server that all `*.server.test.ts` of a run share. */
    temporalAddress: string;
    /** A Temporal CLI that works, for tests that start servers of their own. */
    temporalCli: string;
  }
}

const FOLDER_PREFIX = 'gleaner-test-server-';

/** Starts one server for the whole run, never the one of TEMPORAL_ADDRESS, and ends it afterwards. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await endOrphans();
  const { env } = process;
  const cli = await findTemporalCli({ env, cacheFolder: defaultCacheFolder(env), log: console.log });
  const folder = await mkdtemp(join(tmpdir(), FOLDER_PREFIX));
  const server = await startDevServer({
    cli: cli.path,
    folder,
    port: 0,
    uiPort: 0,
    namespace: 'default',
    env,
    log: console.log,
  });
  project.provide('temporalAddress', server.address);
  project.provide('temporalCli', cli.path);
  const endWithUs = () => {
    process.kill(server.pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
    process.exit(143);
  };
  // vitest runs teardowns on Ctrl-C, not on these.
  process.once('SIGTERM', endWithUs).once('SIGHUP', endWithUs);
  return async () => {
    process.off('SIGTERM', endWithUs).off('SIGHUP', endWithUs);
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

/** Ends the servers of runs that were killed before their teardown. */
async function endOrphans(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(FOLDER_PREFIX)) continue;
    const folder = join(tmpdir(), name);
    const record = await readServerRecord(folder);
    if (record === undefined || isRunning(record.ownerPid)) continue;
    await stopServer(folder, record.pid);
    await rm(folder, { recursive: true, force: true });
  }
}
