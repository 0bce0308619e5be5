import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { freePort } from '../../dev-server/free-port.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.ts';
import type { DataForSeoKnobs } from '../../simulator/dataforseo/knobs.ts';
import type { Knobs } from '../../simulator/knobs.ts';
import { CliError } from '../exit-codes.ts';
import { readSimulatorRecord, removeSimulatorRecord, writeSimulatorRecord } from '../simulator-record.ts';

/** The key of the plain script's account. */
export const PLAIN_KEY = 'plain-script-key';
/** So that buying takes long enough to be interrupted, and a laptop keeps up. */
const SUBMITS_PER_SECOND = 8;
const CREDITS = 1_000_000;

/** About 2 of 100 jobs fail, as with providers. No cache: a second run on the same day should look like the first. */
const KNOBS: Partial<Knobs> = { submitFaults: { 'fail-job': 0.02 }, cacheLifetimeMs: 0 };

/** In life tasks take minutes, with 45 of them at most. Nobody watches a demo for that long, also at five times the speed. */
const TASK_KNOBS: Partial<DataForSeoKnobs> = { normalMedianMs: 20_000, normalP95Ms: 50_000 };

export interface DemoSimulators {
  forGleaner: Simulator;
  /** Has the same seed and the same past, so that it gives the same answers after the same times. */
  forPlainScript: Simulator;
  close(): Promise<void>;
}

/** Starts two equal providers with books of their own. Throws `CliError` if another demo runs in this home. */
export async function startSimulators(config: Config): Promise<DemoSimulators> {
  const { stateFolder, simulatorSpeed: speed } = config;
  const other = readSimulatorRecord(stateFolder);
  if (other) {
    throw new CliError(
      `a simulator runs for the demo's home already (process ${other.pid}, ${other.url}): another demo is still up, or ` +
        `a "gleaner up" for ${config.home}. End it with Ctrl-C and try again`,
    );
  }
  const stateFile = join(stateFolder, 'simulator.jsonl');
  const copy = join(stateFolder, 'simulator-of-plain-script.jsonl');
  mkdirSync(stateFolder, { recursive: true });
  rmSync(copy, { force: true });
  if (existsSync(stateFile)) copyFileSync(stateFile, copy);
  const port = await freePort(config.simulatorPort);
  const forGleaner = await startSimulator({
    port,
    speed,
    stateFile,
    knobs: KNOBS,
    dataforseo: { knobs: TASK_KNOBS },
  });
  const { url } = forGleaner;
  writeSimulatorRecord(stateFolder, { url, pid: process.pid, speed, submitsPerSecond: SUBMITS_PER_SECOND });
  const forPlainScript = await startSimulator({
    speed,
    stateFile: copy,
    knobs: KNOBS,
    apiKeys: { [PLAIN_KEY]: CREDITS },
  });
  return {
    forGleaner,
    forPlainScript,
    async close() {
      removeSimulatorRecord(stateFolder);
      await Promise.all([forGleaner.close(), forPlainScript.close()]);
    },
  };
}
