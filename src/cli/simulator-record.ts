import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from '../config/config.ts';
import { isRunning } from '../dev-server/process-command.ts';

/** What `simulator.json` says of the simulator that serves this home. */
const schema = z.object({
  url: z.url(),
  pid: z.int().positive(),
  speed: z.number().positive(),
  /** What workers may send it; absent: as much as the provider's own limit allows. */
  submitsPerSecond: z.number().positive().optional(),
});
export type SimulatorRecord = z.infer<typeof schema>;

/** The simulator that runs for this home, if one does. */
export function readSimulatorRecord(stateFolder: string): SimulatorRecord | undefined {
  try {
    const record = schema.safeParse(JSON.parse(readFileSync(pathIn(stateFolder), 'utf8'))).data;
    return record && isRunning(record.pid) ? record : undefined;
  } catch {
    return undefined;
  }
}

export function writeSimulatorRecord(stateFolder: string, record: SimulatorRecord): void {
  mkdirSync(stateFolder, { recursive: true });
  writeFileSync(pathIn(stateFolder), `${JSON.stringify(record, undefined, 2)}\n`);
}

export function removeSimulatorRecord(stateFolder: string): void {
  if (readSimulatorRecord(stateFolder)?.pid === process.pid) rmSync(pathIn(stateFolder), { force: true });
}

/** Whether the environment names a simulator of its own, so that none of ours is needed. */
export function namesSimulator(config: Config): boolean {
  return config.accounts.some(({ baseUrl }) => baseUrl !== `http://127.0.0.1:${config.simulatorPort}`);
}

/** The configuration with the address and the speed of the simulator that runs for this home. */
export function withSimulator(config: Config): Config {
  if (!config.simulated || namesSimulator(config)) return config;
  const record = readSimulatorRecord(config.stateFolder);
  if (!record) return config;
  const accounts = config.accounts.map((account) => ({
    ...account,
    baseUrl: record.url,
    timeScale: record.speed,
    ...(record.submitsPerSecond !== undefined && { submitsPerSecond: record.submitsPerSecond }),
  }));
  return { ...config, accounts, simulatorSpeed: record.speed };
}

function pathIn(stateFolder: string): string {
  return join(stateFolder, 'simulator.json');
}
