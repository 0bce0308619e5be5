import { setTimeout as sleep } from 'node:timers/promises';
import { isGrpcServiceError, type Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import type { Config } from '../../config/config.ts';
import { connectClient } from '../../dev-server/connect.ts';
import { ensureServer, type Server } from '../../dev-server/ensure-server.ts';
import { CliError } from '../exit-codes.ts';

/** https://grpc.io/docs/guides/status-codes/ */
const NOT_FOUND = 5;
/** A server's parts learn of a new namespace one after the other, at the latest after 10 s. */
const USABLE_TIMEOUT_MS = 20_000;

/**
 * The server that the environment names, in a namespace of the demo's own, because a namespace works with one store only;
 * else a dev server with the demo's own database. Throws `DevServerError`, `CliError`.
 */
export async function ensureDemoServer(
  config: Config,
  env: NodeJS.ProcessEnv,
  log: (line: string) => void,
): Promise<Server> {
  const server = await ensureServer({
    env,
    folder: config.stateFolder,
    ports: { temporal: config.temporalPort, ui: config.uiPort },
    log,
  });
  if (server.origin !== 'environment') return server;
  const namespace = config.simulated ? 'gleaner-demo' : 'gleaner-demo-live';
  const connection = await connectClient(server.connection);
  try {
    await ensureOwnNamespace(connection, namespace, server);
  } finally {
    await connection.close();
  }
  return { ...server, namespace };
}

async function ensureOwnNamespace(connection: Connection, namespace: string, server: Server): Promise<void> {
  const describe = () => connection.workflowService.describeNamespace({ namespace });
  if (await succeeds(describe)) return;
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: msToTs('1 day'),
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(
      `the demo needs a namespace "${namespace}" of its own at ${server.address} (set by ${server.source}) and may not make it: ${why}\n` +
        'Have it made, or let the demo start a server of its own: TEMPORAL_ADDRESS= TEMPORAL_CONFIG_FILE=none gleaner demo',
    );
  }
  const deadline = Date.now() + USABLE_TIMEOUT_MS;
  const list = () => connection.workflowService.countWorkflowExecutions({ namespace, query: '' });
  while (!(await succeeds(list)) && Date.now() < deadline) await sleep(100);
}

/** Whether the namespace answers; every other trouble than its absence is thrown. */
async function succeeds(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    const code: number | undefined = isGrpcServiceError(error) ? error.code : undefined;
    if (code === NOT_FOUND) return false;
    throw error;
  }
}
