/**
 * Starts the services of docker-compose.yml without Docker, with the compose file's own variables: PostgreSQL of this
 * machine, Temporal's server and UI built from the Go module proxy (once, some minutes), Gleaner built from this checkout.
 *
 *   npm run topology -- up [--workers 3] [--service simulated-worker]... [--folder F]
 *   npm run topology -- status [--folder F]
 *   npm run topology -- down [--volumes] [--folder F]
 */
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isAlive, residentMb } from './topology/processes.ts';
import { readState } from './topology/state.ts';
import { startTopology, stopTopology } from './topology/topology.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    folder: { type: 'string', default: join(tmpdir(), 'gleaner-topology') },
    workers: { type: 'string' },
    service: { type: 'string', multiple: true },
    volumes: { type: 'boolean', default: false },
  },
});
const folder = resolve(values.folder);

switch (positionals[0] ?? '') {
  case 'up': {
    const env = set({
      GLEANER_WORKERS: process.env['GLEANER_WORKERS'],
      GLEANER_PROCESSES: process.env['GLEANER_PROCESSES'],
      GLEANER_SIMULATOR_SPEED: process.env['GLEANER_SIMULATOR_SPEED'],
      GLEANER_WEBHOOK_URL: process.env['GLEANER_WEBHOOK_URL'],
    });
    const topology = await startTopology({
      folder,
      env,
      ...(values.workers !== undefined && { workers: Number(values.workers) }),
      ...(values.service && { services: values.service }),
      log: console.log,
    });
    console.log(`up: Temporal ${topology.address}, UI ${topology.uiUrl}, logs ${join(folder, 'logs')}`);
    console.log('to use it from here:');
    for (const [key, value] of Object.entries(topology.clientEnv)) console.log(`  export ${key}=${value}`);
    break;
  }
  case 'status': {
    const state = await readState(folder);
    if (!state) console.log(`nothing is up in ${folder}`);
    for (const running of state?.processes ?? []) {
      const memory = (await isAlive(running)) ? `${await residentMb(running.pid)} MB` : 'ENDED';
      console.log(`${running.name.padEnd(20)} ${String(running.pid).padStart(8)}  ${memory}`);
    }
    break;
  }
  case 'down':
    await stopTopology(folder, { volumes: values.volumes });
    console.log(values.volumes ? `down, and ${folder} is gone` : `down; data stays in ${folder}`);
    break;
  default:
    console.error('usage: npm run topology -- up|status|down (see scripts/native-topology.ts)');
    process.exitCode = 2;
}

/** Without the variables that are not set. */
function set(variables: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
}
