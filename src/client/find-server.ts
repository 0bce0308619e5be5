import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import type { Config } from '../config/config.ts';
import { GleanerError } from './gleaner-error.ts';

/** A Temporal server that should be running, and who says so. */
export interface KnownServer {
  address: string;
  namespace: string;
  /** For `Connection.connect` and `NativeConnection.connect`. May hold secrets: never print it. */
  connection: ClientConnectConfig['connectionOptions'];
  /** Known for a server that `gleaner up` started. */
  uiUrl?: string;
  /** For people: where the address comes from. */
  source: string;
}

/**
 * The server that the environment names, else the one that `gleaner up` runs in this home. Starts and calls nothing;
 * throws `GleanerError` (`no-server`) if there is neither.
 */
export async function findServer(
  config: Pick<Config, 'temporalEnv' | 'stateFolder' | 'temporalPort' | 'home' | 'simulated'>,
): Promise<KnownServer> {
  const named = fromEnvironment(config.temporalEnv);
  const namespace = named.namespace ?? 'default';
  if (named.connectionOptions.address) {
    return {
      address: named.connectionOptions.address,
      namespace,
      connection: named.connectionOptions,
      source: config.temporalEnv['TEMPORAL_ADDRESS'] ? 'TEMPORAL_ADDRESS' : "Temporal's configuration file",
    };
  }
  const record = await readRecord(join(config.stateFolder, 'server.json'));
  if (!record) {
    throw new GleanerError(
      'no-server',
      `no Temporal server at 127.0.0.1:${config.temporalPort}: none was started for ${config.home}. ` +
        `${await otherKind(config)}Run "gleaner up" in another terminal, or set TEMPORAL_ADDRESS`,
    );
  }
  const { address, uiUrl } = record;
  return { address, namespace, connection: { address }, uiUrl, source: 'gleaner up' };
}

/** Whoever sets the key in one of two terminals only would look for the server in vain. */
async function otherKind({ home, simulated }: Pick<Config, 'home' | 'simulated'>): Promise<string> {
  const folder = simulated ? home : join(home, 'simulator');
  if (!(await readRecord(join(folder, 'server.json')))) return '';
  return simulated
    ? 'One runs there with a provider key, but none is set here. '
    : 'One runs there SIMULATED, because "gleaner up" was started without the provider key that is set here. ';
}

/** The SDK looks for its configuration file below HOME, which is none of the TEMPORAL_* variables. */
function fromEnvironment(temporalEnv: Record<string, string>): ClientConnectConfig {
  try {
    return loadClientConnectConfig({ overrideEnvVars: { HOME: homedir(), ...temporalEnv } });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GleanerError('no-server', `Temporal's configuration cannot be read: ${why}`, { cause });
  }
}

/** The part of the dev server's own record that clients need; see dev-server/server-record.ts. */
const recordSchema = z.object({ address: z.string(), uiUrl: z.string() });

async function readRecord(path: string): Promise<z.infer<typeof recordSchema> | undefined> {
  try {
    return recordSchema.safeParse(JSON.parse(await readFile(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
