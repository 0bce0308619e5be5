import { rm } from 'node:fs/promises';
import type { Client } from '@temporalio/client';
import { Client as TemporalClient } from '@temporalio/client';
import { defaultCacheFolder } from '../../../src/dev-server/cli-cache.ts';
import { connectClient } from '../../../src/dev-server/connect.ts';
import { findTemporalCli } from '../../../src/dev-server/find-cli.ts';
import { freePort } from '../../../src/dev-server/free-port.ts';
import { isRunning } from '../../../src/dev-server/process-command.ts';
import { ensureSearchAttributes } from '../../../src/dev-server/register-search-attributes.ts';
import { startDevServer } from '../../../src/dev-server/start-server.ts';
import { until } from '../../support/scrapes.ts';

const NAMESPACE = 'default';

/** A Temporal dev server of our own, which dies and forgets. */
export interface ChaosServer {
  address: string;
  namespace: string;
  client: Client;
  /** `kill -9`, and started again on its database, or on an empty one. Returns when it serves. */
  kill(options?: { deleteDatabase?: boolean }): Promise<void>;
  stop(): Promise<void>;
}

export async function startChaosServer(folder: string): Promise<ChaosServer> {
  const { env } = process;
  const cli = await findTemporalCli({ env, cacheFolder: defaultCacheFolder(env), log: () => undefined });
  const start = {
    cli: cli.path,
    folder,
    port: await freePort(0),
    uiPort: 0,
    namespace: NAMESPACE,
    env,
    log: () => undefined,
  };
  let server = await startDevServer(start);
  const { address } = server;
  const connection = await connectClient({ address });
  const client = new TemporalClient({ connection, namespace: NAMESPACE });
  const prepare = () =>
    until(async () => {
      const { missing } = await ensureSearchAttributes(connection, NAMESPACE);
      if (missing.length > 0) return false;
      await client.workflow.count(`Scraper = 'x' AND BatchId = 'x' AND Account = 'x' AND Label = 'x'`);
      return true;
    }, 'the search attributes are known').catch(() => undefined);
  await prepare();
  return {
    address,
    namespace: NAMESPACE,
    client,
    async kill({ deleteDatabase = false } = {}) {
      const { pid } = server;
      process.kill(pid, 'SIGKILL');
      await until(async () => !isRunning(pid), 'the killed server is gone');
      if (deleteDatabase) await rm(folder, { recursive: true, force: true });
      server = await startDevServer(start);
      if (server.address !== address) throw new Error(`${address} was taken while the server was down`);
      await prepare();
    },
    async stop() {
      await connection.close();
      await server.stop();
    },
  };
}
