import type { DataForSeoOptions } from './dataforseo/dataforseo.ts';
import { listen } from './http-server.ts';
import type { Knobs } from './knobs.ts';
import { Simulation } from './simulation.ts';
import { openStateFile } from './state-file.ts';
import { SIMULATOR_KEY } from '../contracts/simulator-credentials.ts';

/** What the simulated account starts with. */
const SIMULATOR_CREDITS = 1_000_000;

export interface SimulatorOptions {
  /** Default 0: a free port. */
  port?: number;
  /** Decides every job's and task's life and answer. Default `gleaner`. A state file that exists keeps its own. */
  seed?: string | number;
  /** All latencies are divided by it, retention is not. Default 1. */
  speed?: number;
  /** Credits per key of ScrapeLLM; replaces the default, `simulator-key` with a million. */
  apiKeys?: Record<string, number>;
  /** Where jobs and money are kept over restarts. Default: nowhere. */
  stateFile?: string;
  knobs?: Partial<Knobs>;
  /** Accounts and knobs of the simulated DataForSEO. */
  dataforseo?: DataForSeoOptions;
}

export interface Simulator {
  /** Base URL without a slash at the end. */
  url: string;
  port: number;
  /** Ends all connections and frees the port. */
  close: () => Promise<void>;
  /** The provider itself, for tests in the same process. */
  sim: Simulation;
}

/**
 * Starts a simulated ScrapeLLM and a simulated DataForSEO (paths under `/v3/`) on 127.0.0.1. Throws if the port is taken.
 *
 * @example const simulator = await startSimulator({ speed: 10, stateFile: '.gleaner/simulator.jsonl' });
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const file = options.stateFile === undefined ? undefined : openStateFile(options.stateFile);
  const sim = new Simulation({
    seed: String(options.seed ?? 'gleaner'),
    speed: options.speed ?? 1,
    apiKeys: options.apiKeys ?? { [SIMULATOR_KEY]: SIMULATOR_CREDITS },
    knobs: options.knobs ?? {},
    dataforseo: options.dataforseo ?? {},
    history: file?.history ?? [],
    persist: (event) => file?.append(event),
  });
  const { port, close } = await listen(sim, options.port ?? 0);
  return { url: `http://127.0.0.1:${port}`, port, close, sim };
}
