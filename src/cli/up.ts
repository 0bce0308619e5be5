import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { Config } from '../config/config.ts';
import { readConfig } from '../config/read-config.ts';
import { ensureServer, type Server } from '../dev-server/ensure-server.ts';
import { freePort } from '../dev-server/free-port.ts';
import { startSimulator } from '../simulator/simulator.ts';
import { LOG_LEVELS } from '../worker/log-levels.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { printHeader } from './session.ts';
import {
  namesSimulator,
  readSimulatorRecord,
  removeSimulatorRecord,
  writeSimulatorRecord,
} from './simulator-record.ts';
import { TERMINAL } from './terminal.ts';
import { untilSignal } from './until-signal.ts';
import { webhooksProblem } from './webhook-words.ts';
import { claimHome, releaseHome, writeUpRecord, type UpRecord } from './up-record.ts';
import { startWorkerProcess, type Listening } from './worker-process.ts';

/** `gleaner up`: everything that is needed, in the foreground, until Ctrl-C or SIGTERM. */
export function upCommand(): Command {
  return new Command('up')
    .description('start everything that is needed: Temporal server, worker, without a key the simulator')
    .addOption(new Option('--log-level <level>', 'what the worker logs').choices(LOG_LEVELS).default('warn'))
    .option(
      '--webhooks',
      'listen for results that a provider posts (GLEANER_WEBHOOK_URL, docs/operations.md)',
    )
    .option('--json', 'print the ready line as JSON')
    .action(async (options: UpOptions) => {
      const config = readConfig(TERMINAL.env, TERMINAL.cwd);
      printHeader(config);
      const problem = options.webhooks ? webhooksProblem(config) : undefined;
      if (problem !== undefined) throw new CliError(problem);
      const other = await claimHome(config.stateFolder);
      if (other) {
        sayReady(config, other, { json: options.json, already: true });
        return;
      }
      const started: Array<() => Promise<void>> = [() => releaseHome(config.stateFolder)];
      const end = async (): Promise<void> => {
        for (const stop of started.splice(0).toReversed()) await stop();
      };
      const signal = untilSignal();
      const interruptible = endAtOnceOnSecondSignal(signal);
      try {
        await bringUp(config, options, started);
        interruptible.isUp();
        await signal;
      } finally {
        await end();
      }
    });
}

interface UpOptions {
  logLevel: string;
  webhooks?: boolean;
  json?: boolean;
}

/** What was started is added to `started` at once, so that it ends also if the next thing fails. */
async function bringUp(
  config: Config,
  options: UpOptions,
  started: Array<() => Promise<void>>,
): Promise<void> {
  const server = await ensureServer({
    env: TERMINAL.env,
    folder: config.stateFolder,
    ports: { temporal: config.temporalPort, ui: config.uiPort },
    log: TERMINAL.say,
  });
  started.push(() => server.stop());
  const simulatorUrl = config.simulated ? await ensureSimulator(config, started) : undefined;
  const worker = await startWorkerProcess(
    ['--log-level', options.logLevel, ...(options.webhooks ? ['--webhooks'] : [])],
    TERMINAL,
  );
  let ended = false;
  started.push(async () => {
    TERMINAL.say('ending the worker; calls in flight are waited for (Ctrl-C again: end it now)');
    process.on('SIGINT', () => !ended && worker.kill());
    await worker.stop();
    ended = true;
  });
  const record = recordOf(server, simulatorUrl, worker.webhooks);
  await writeUpRecord(config.stateFolder, record);
  sayReady(config, record, { json: options.json, workerPid: worker.pid() });
}

/**
 * A start can take minutes when the CLI has to be downloaded. Ending in the middle loses nothing: a worker notices that
 * we are gone, and the next `up` takes over the server.
 */
function endAtOnceOnSecondSignal(signal: Promise<NodeJS.Signals>): { isUp: () => void } {
  let up = false;
  void (async () => {
    const name = await signal;
    if (up) return;
    TERMINAL.say(`${name}: ending once everything has started; again: end now`);
    for (const again of ['SIGINT', 'SIGTERM'] as const) process.once(again, () => process.exit(EXIT.error));
  })();
  return { isUp: () => void (up = true) };
}

/** The simulator of the environment or of another terminal, else one in this process. */
async function ensureSimulator(config: Config, started: Array<() => Promise<void>>): Promise<string> {
  const { stateFolder, simulatorSpeed: speed } = config;
  if (namesSimulator(config)) return config.accounts[0]?.baseUrl ?? '';
  const running = readSimulatorRecord(stateFolder);
  if (running) return running.url;
  const port = await freePort(config.simulatorPort);
  if (port !== config.simulatorPort)
    TERMINAL.say(`port ${config.simulatorPort} is taken, the simulator gets ${port}`);
  const simulator = await startSimulator({ port, speed, stateFile: join(stateFolder, 'simulator.jsonl') });
  writeSimulatorRecord(stateFolder, { url: simulator.url, pid: process.pid, speed });
  started.push(async () => {
    removeSimulatorRecord(stateFolder);
    await simulator.close();
  });
  return simulator.url;
}

function recordOf(
  server: Server,
  simulatorUrl: string | undefined,
  webhooks: Listening | undefined,
): UpRecord {
  const { address, uiUrl, namespace } = server;
  return {
    pid: process.pid,
    startedAt: new Date().toISOString(),
    address,
    namespace,
    ...(uiUrl !== undefined && { uiUrl }),
    ...(simulatorUrl !== undefined && { simulatorUrl }),
    ...(webhooks && { webhooks }),
  };
}

function sayReady(
  config: Config,
  record: UpRecord,
  options: { json: boolean | undefined; already?: boolean; workerPid?: number | undefined },
): void {
  const { home, taskQueue, simulated } = config;
  const { pid, address, uiUrl, namespace, simulatorUrl, webhooks } = record;
  if (options.json) {
    const { already = false, workerPid } = options;
    TERMINAL.out(
      JSON.stringify({
        ready: address !== undefined,
        alreadyUp: already,
        pid,
        workerPid,
        address,
        uiUrl,
        namespace,
        taskQueue,
        home,
        simulated,
        simulatorUrl,
        webhooks,
      }),
    );
    return;
  }
  const parts = [
    ...(address === undefined ? ['starting'] : []),
    ...(uiUrl === undefined ? [] : [`Temporal UI ${uiUrl}`]),
    ...(address === undefined ? [] : [`server ${address}`]),
    ...(namespace === undefined ? [] : [`namespace ${namespace}`]),
    `task queue ${taskQueue}`,
    ...(simulatorUrl === undefined ? [] : [`simulator ${simulatorUrl}`]),
    ...(webhooks ? [`webhooks ${webhooks.publicUrl} (port ${webhooks.port})`] : []),
    `process ${pid}`,
  ];
  const first = options.already ? 'already up' : 'ready';
  TERMINAL.out(`${first}: ${simulated ? 'SIMULATED · ' : ''}${parts.join(' · ')}`);
}
