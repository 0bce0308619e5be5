import type { Config } from '../../config/config.ts';
import { readConfig } from '../../config/read-config.ts';
import type { Server } from '../../dev-server/ensure-server.ts';
import { printHeader } from '../session.ts';
import { withSimulator } from '../simulator-record.ts';
import type { Terminal } from '../terminal.ts';
import { startWorkerProcess, type WorkerProcess } from '../worker-process.ts';
import { ensureDemoServer } from './demo-server.ts';
import type { Screen } from './screen.ts';
import { startSimulators, type DemoSimulators } from './simulators.ts';
import type { StopList } from './stop-list.ts';

export interface RunningDemo {
  config: Config;
  server: Server;
  worker: WorkerProcess;
  /** Absent with `--live`. */
  simulators?: DemoSimulators;
}

/** Finds or starts the server, starts the simulators and the worker; each is stopped by `toStop` in its turn. */
export async function startDemo(terminal: Terminal, screen: Screen, toStop: StopList): Promise<RunningDemo> {
  const { env, cwd } = terminal;
  const plan = readConfig(env, cwd);
  const server = await ensureDemoServer(plan, env, screen.say);
  toStop.add(() => server.stop());
  printHeader(plan, server);
  const simulators = plan.simulated ? await startSimulators(plan) : undefined;
  if (simulators) toStop.add(() => simulators.close());
  // The namespace may be one of the demo's own, which nobody else would look in.
  const ownEnv = { ...env, TEMPORAL_NAMESPACE: server.namespace };
  const config = withSimulator(readConfig(ownEnv, cwd));
  const worker = await startWorkerProcess(['--log-level', 'error'], {
    ...terminal,
    env: ownEnv,
    say: screen.say,
  });
  toStop.add(() => worker.stop());
  screen.say(
    `worker ${worker.pid()}${simulators ? ` · simulator ${simulators.forGleaner.url}, ${plan.simulatorSpeed} times faster than life` : ''}`,
  );
  return { config, server, worker, ...(simulators && { simulators }) };
}
