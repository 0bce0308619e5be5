import { homedir } from 'node:os';
import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import { connectClient } from './connect.ts';
import { DevServerError } from './dev-server-error.ts';

/** A server that the environment names. */
export interface EnvironmentServer {
  address: string;
  namespace: string;
  connection: ClientConnectConfig['connectionOptions'];
  /** Where the address is set, for messages. */
  source: string;
}

/**
 * The server of TEMPORAL_ADDRESS or of a profile in the environment-configuration file
 * (https://docs.temporal.io/develop/environment-configuration); undefined if neither gives an address.
 */
export function environmentServer(env: NodeJS.ProcessEnv): EnvironmentServer | undefined {
  const set = withoutBlanks(env);
  const { connectionOptions, namespace } = load(set);
  const { address } = connectionOptions;
  if (!address) return undefined;
  return { address, namespace: namespace ?? 'default', connection: connectionOptions, source: sourceOf(set) };
}

/** The namespace that the environment wishes; our own server creates it. */
export function environmentNamespace(env: NodeJS.ProcessEnv): string {
  return load(withoutBlanks(env)).namespace ?? 'default';
}

/** Throws `DevServerError` (`unreachable`) with the address and its origin if the server does not answer in time. */
export async function checkReachable(server: EnvironmentServer, timeoutMs = 10_000): Promise<void> {
  try {
    await (await connectClient(server.connection, timeoutMs)).close();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `cannot reach the Temporal server at ${server.address} (set by ${server.source}): ${why}`;
    throw new DevServerError('unreachable', message, { cause });
  }
}

function load(env: Record<string, string>): ClientConnectConfig {
  try {
    return loadClientConnectConfig({ overrideEnvVars: env });
  } catch (cause) {
    const message = `the Temporal environment configuration cannot be read (${sourceOf(env)}): ${String(cause)}`;
    throw new DevServerError('bad-profile', message, { cause });
  }
}

/** Blank means unset, as with all our variables; the SDK looks for the configuration file below HOME. */
function withoutBlanks(env: NodeJS.ProcessEnv): Record<string, string> {
  const set: Record<string, string> = { HOME: homedir() };
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && value.trim() !== '') set[name] = value;
  }
  return set;
}

function sourceOf(env: Record<string, string>): string {
  if (env['TEMPORAL_ADDRESS'] !== undefined) return 'TEMPORAL_ADDRESS';
  const file = env['TEMPORAL_CONFIG_FILE'] ?? "Temporal's configuration file";
  return `profile "${env['TEMPORAL_PROFILE'] ?? 'default'}" of ${file}`;
}
