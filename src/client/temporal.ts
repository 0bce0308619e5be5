import { Client, Connection, ServiceError, isGrpcServiceError } from '@temporalio/client';
import { findServer, type KnownServer } from './find-server.ts';
import type { Config } from '../config/config.ts';
import { GleanerError } from './gleaner-error.ts';

/** Where workflows are started and asked. */
export interface Temporal {
  client: Client;
  namespace: string;
  taskQueue: string;
  /** For messages. */
  address: string;
  uiUrl?: string;
  /** Ends the connection if we made it. */
  close(): Promise<void>;
}

/** A server on this machine answers in milliseconds; one that has not after this long is not there. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Back in half a second after a restart of the server instead of 13 s (measured). */
const CHANNEL_ARGS = { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 3_000 };

/** Connects to the configuration's server; throws `GleanerError` (`no-server`) if it does not answer. */
export async function connectTemporal(config: Config): Promise<Temporal> {
  const server = await findServer(config);
  const connection = await connectTo(server);
  return toTemporal(connection, server, config.taskQueue);
}

export function toTemporal(connection: Connection, server: KnownServer, taskQueue: string): Temporal {
  return {
    client: new Client({ connection, namespace: server.namespace }),
    namespace: server.namespace,
    taskQueue,
    address: server.address,
    ...(server.uiUrl !== undefined && { uiUrl: server.uiUrl }),
    close: () => connection.close(),
  };
}

/**
 * Connects, and survives restarts of the server. Throws `GleanerError` (`no-server`) if it does not answer or lacks the
 * namespace.
 */
export async function connectTo(server: KnownServer): Promise<Connection> {
  const connection = await reach(server);
  const { namespace } = server;
  try {
    await connection.workflowService.describeNamespace({ namespace });
  } catch (cause) {
    // Who may not describe it may still use it.
    if (!isNotFound(cause)) return connection;
    await connection.close();
    const message =
      `the Temporal server at ${server.address} has no namespace "${namespace}": create it ` +
      `(temporal operator namespace create --namespace ${namespace} --address ${server.address}) or correct TEMPORAL_NAMESPACE`;
    throw new GleanerError('no-server', message, { cause });
  }
  return connection;
}

async function reach(server: KnownServer): Promise<Connection> {
  try {
    return await Connection.connect({
      ...server.connection,
      connectTimeout: CONNECT_TIMEOUT_MS,
      channelArgs: CHANNEL_ARGS,
    });
  } catch (cause) {
    const advice =
      server.source === 'gleaner up'
        ? 'it was started by "gleaner up", which seems to have ended: run it again'
        : `the address is set by ${server.source}: correct it, or unset it and run "gleaner up"`;
    throw new GleanerError('no-server', `no Temporal server at ${server.address}: ${advice}`, { cause });
  }
}

/** Whether Temporal does not know what was asked for: it never was, or its retention is over. */
function isNotFound(error: unknown): boolean {
  return isGrpcServiceError(error) && NOT_FOUND_CODES.has(error.code);
}

/** Codes of https://grpc.io/docs/guides/status-codes/ */
const NOT_FOUND_CODES = new Set<number>([5]);
/** They say nothing but "ask again later". */
const OUTAGE_CODES = new Set<number>([4, 14]);

/** Whether a call failed because the server could not be reached for a while. */
export function isOutage(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && OUTAGE_CODES.has(cause.code);
}
