import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startComponent } from '../throughput/component.ts';
import { defaultCacheFolder } from '../../src/dev-server/cli-cache.ts';
import { findTemporalCli } from '../../src/dev-server/find-cli.ts';
import { freePort } from '../../src/dev-server/free-port.ts';
import { isRunning } from '../../src/dev-server/process-command.ts';
import { startDevServer, type StartOptions } from '../../src/dev-server/start-server.ts';
import { untilTrue } from './until-true.ts';
import type { ScaleOptions } from './options.ts';
import type { ScaleSystem, Surroundings } from './system.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** What `gleaner up` starts, but each part by itself, so that it can be killed and measured by itself. */
export async function startDevSystem(
  options: Pick<ScaleOptions, 'speed' | 'webhooks' | 'workers'>,
  around: Surroundings,
): Promise<ScaleSystem> {
  if (!existsSync(MAIN)) throw new Error('there is no build: npm run build');
  const { folder, log, onEnd } = around;
  const { env } = process;
  const cli = await findTemporalCli({ env, cacheFolder: defaultCacheFolder(env), log });
  const start: StartOptions = {
    cli: cli.path,
    folder: join(folder, 'server'),
    port: await freePort(0),
    uiPort: 0,
    namespace: 'default',
    env,
    log,
  };
  let starting = startDevServer(start);
  onEnd(async () => (await starting).stop());
  let server = await starting;
  const { address } = server;
  const ours = {
    PATH: env['PATH'] ?? '',
    HOME: env['HOME'] ?? '',
    GLEANER_HOME: join(folder, 'home'),
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: start.namespace,
    GLEANER_WORKERS: String(options.workers),
    TEMPORAL_CONFIG_FILE: 'none',
  };
  const webhookPort = String(await freePort(0));
  const port = String(await freePort(0));
  const simulatorArgs = [MAIN, 'simulator', '--json', '--port', port, '--speed', String(options.speed)];
  const startingSimulator = startComponent(simulatorArgs, ours);
  onEnd(async () => (await startingSimulator).stop());
  const simulator = await startingSimulator;
  return {
    address,
    namespace: start.namespace,
    env: {
      ...ours,
      ...(options.webhooks && {
        GLEANER_WEBHOOK_URL: `http://127.0.0.1:${webhookPort}`,
        GLEANER_WEBHOOK_PORT: webhookPort,
      }),
    },
    webhooks: options.webhooks,
    main: MAIN,
    simulatorUrl: `http://127.0.0.1:${port}`,
    database: 'SQLite file of the dev server',
    processes: () => [
      { role: 'server', name: 'server', pid: server.pid },
      { role: 'simulator', name: 'simulator', pid: simulator.pid },
    ],
    async killServer(whileDown) {
      const { pid } = server;
      process.kill(pid, 'SIGKILL');
      await untilTrue(async () => !isRunning(pid), 'the killed server is gone');
      await whileDown?.();
      starting = startDevServer(start);
      server = await starting;
      if (server.address !== address) throw new Error(`${address} was taken while the server was down`);
    },
  };
}
