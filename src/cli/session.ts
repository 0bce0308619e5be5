import { connectGleaner, type Gleaner } from '../client/connect-gleaner.ts';
import { findServer, type KnownServer } from '../client/find-server.ts';
import type { Config } from '../config/config.ts';
import { readConfig } from '../config/read-config.ts';
import { withSimulator } from './simulator-record.ts';
import { TERMINAL } from './terminal.ts';

/** Everything that the environment decides; simulated runs find the simulator that `up` started. */
export function loadConfig(): Config {
  return withSimulator(readConfig(TERMINAL.env, TERMINAL.cwd));
}

/** One line on stderr that says what a command works with; `server` is left out where none is needed. */
export function printHeader(config: Config, server?: Pick<KnownServer, 'address' | 'namespace'>): void {
  const parts = [
    ...(config.simulated ? ['SIMULATED (no provider key is set, nothing costs money)'] : []),
    `home ${config.home}`,
    ...(server ? [`server ${server.address}, namespace ${server.namespace}`] : []),
  ];
  TERMINAL.say(`gleaner · ${parts.join(' · ')}`);
}

export interface Session {
  config: Config;
  gleaner: Gleaner;
  server?: KnownServer;
}

/** Runs a command's work with an open client, and closes it. With `needsServer` a missing server is the first error. */
export async function withGleaner<T>(
  options: { needsServer: boolean },
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const config = loadConfig();
  const known = findServer(config);
  const server = await known.catch(() => undefined);
  printHeader(config, server);
  if (options.needsServer) await known; // throws what kept it from being found
  const gleaner = await connectGleaner({ config });
  try {
    if (options.needsServer) await gleaner.temporal();
    return await work({ config, gleaner, ...(server && { server }) });
  } finally {
    await gleaner.close();
  }
}
