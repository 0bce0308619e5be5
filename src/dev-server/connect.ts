import { Connection, type ConnectionOptions } from '@temporalio/client';

/**
 * With gRPC's own back-off (1 s to 2 min) a client takes 13 s to notice that a server is back, with the maximum 0.5 s
 * (measured); the first one is short because our own server is up in less than a second.
 */
const CHANNEL_ARGS = { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 3000 };

/** Connects a client that survives restarts of the server; throws if the server does not answer within `timeoutMs`. */
export function connectClient(options: ConnectionOptions, timeoutMs = 10_000): Promise<Connection> {
  return Connection.connect({
    ...options,
    connectTimeout: timeoutMs,
    channelArgs: { ...CHANNEL_ARGS, ...options.channelArgs },
  });
}
