import { join } from 'node:path';
import { Command } from 'commander';
import { startSimulator } from '../simulator/simulator.ts';
import { CliError } from './exit-codes.ts';
import { parseNumber, parseWhole } from './option-values.ts';
import { loadConfig, printHeader } from './session.ts';
import { readSimulatorRecord, removeSimulatorRecord, writeSimulatorRecord } from './simulator-record.ts';
import { TERMINAL } from './terminal.ts';
import { untilSignal } from './until-signal.ts';

/** `gleaner simulator`: the simulated provider alone, in the foreground. */
export function simulatorCommand(): Command {
  return new Command('simulator')
    .description('run the simulated provider alone, in the foreground')
    .option('--port <port>', 'port to listen on', parseWhole(1, 65_535))
    .option('--speed <n>', 'times faster than life', parseNumber(0.001, 10_000))
    .option('--seed <text>', 'decides every answer and every time')
    .option('--json', 'print the ready line as JSON')
    .action(async (options: { port?: number; speed?: number; seed?: string; json?: boolean }) => {
      const config = loadConfig();
      printHeader(config);
      const { stateFolder } = config;
      const running = readSimulatorRecord(stateFolder);
      // In a container that was killed, the record names the process id that the next start gets again.
      if (running && running.pid !== process.pid) {
        throw new CliError(`a simulator runs for this home already: ${running.url} (process ${running.pid})`);
      }
      const port = options.port ?? config.simulatorPort;
      const speed = options.speed ?? config.simulatorSpeed;
      const stateFile = join(stateFolder, 'simulator.jsonl');
      const simulator = await startOrExplain(port, () =>
        startSimulator({ port, speed, stateFile, ...(options.seed !== undefined && { seed: options.seed }) }),
      );
      writeSimulatorRecord(stateFolder, { url: simulator.url, pid: process.pid, speed });
      TERMINAL.out(
        options.json
          ? JSON.stringify({ ready: true, url: simulator.url, speed, pid: process.pid })
          : `ready: simulator at ${simulator.url}, ${speed} times as fast as life, state in ${stateFile}`,
      );
      await untilSignal();
      removeSimulatorRecord(stateFolder);
      await simulator.close();
    });
}

async function startOrExplain<T>(port: number, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new CliError(`port ${port} is taken: give another --port, or set GLEANER_SIMULATOR_PORT`);
    }
    throw error;
  }
}
