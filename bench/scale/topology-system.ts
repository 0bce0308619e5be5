import { join } from 'node:path';
import { startTopology, stopTopology } from '../../scripts/topology/topology.ts';
import { ensureNamespace } from '../../src/dev-server/server-namespace.ts';
import { untilTrue } from './until-true.ts';
import type { ScaleOptions } from './options.ts';
import type { ScaleSystem, Surroundings } from './system.ts';
import type { MeteredProcess } from './usage-meter.ts';

/** Services of docker-compose.yml whose CPU is counted. */
const ROLES: Record<string, MeteredProcess['role']> = {
  temporal: 'server',
  postgres: 'postgres',
  simulator: 'simulator',
};

const CALL_TIMEOUT_MS = 2_000;

/** The services of docker-compose.yml without its workers: those are ours to kill, from the same build. */
export async function startTopologySystem(options: ScaleOptions, around: Surroundings): Promise<ScaleSystem> {
  const { folder, log, onEnd } = around;
  const speed = String(options.speed);
  const starting = startTopology({
    folder,
    services: ['namespace', 'simulator'],
    env: { GLEANER_SIMULATOR_SPEED: speed },
    log,
  });
  onEnd(async () => {
    await starting.catch(() => undefined); // it ends by itself what it had started
    await stopTopology(folder);
  });
  const topology = await starting;
  // The health check of the compose file is content with an open port.
  const serves = () =>
    ensureNamespace(topology.address, 'simulated', CALL_TIMEOUT_MS).then(
      () => true,
      () => false,
    );
  const simulatorUrl = `http://127.0.0.1:${topology.ports.simulator}`;
  return {
    address: topology.address,
    namespace: 'simulated',
    // As the compose file sets them for `simulated-worker`.
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      GLEANER_HOME: join(folder, 'volumes', 'gleaner'),
      TEMPORAL_ADDRESS: topology.address,
      TEMPORAL_NAMESPACE: 'simulated',
      GLEANER_WORKERS: String(options.workers),
      SCRAPELLM_BASE_URL: simulatorUrl,
      GLEANER_SIMULATOR_SPEED: speed,
      TEMPORAL_CONFIG_FILE: 'none',
    },
    webhooks: false,
    main: join(folder, 'app', 'dist', 'cli', 'main.js'),
    simulatorUrl,
    database: 'PostgreSQL, 512 history shards',
    processes: () =>
      topology.processes().flatMap(({ service, name, pid }) => {
        const role = ROLES[service];
        return role === undefined ? [] : [{ role, name, pid }];
      }),
    async killServer(whileDown) {
      topology.kill('temporal');
      await whileDown?.();
      await topology.restart('temporal');
      await untilTrue(serves, 'the killed server serves again');
    },
    async restartPostgres() {
      await topology.restart('postgres');
      await untilTrue(serves, 'the server reaches its database again');
    },
  };
}
