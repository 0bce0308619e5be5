import { afterEach } from 'vitest';
import { simulatorControl, type SimulatorControl } from '../../src/simulator/control.ts';
import { Simulation, type SimulationOptions } from '../../src/simulator/simulation.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/simulator.ts';

const running: Simulator[] = [];
afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.close();
});

export const HOUR_MS = 3_600_000;
export const KEY = 'simulator-key';

export interface Bench {
  simulator: Simulator;
  control: SimulatorControl;
  submit(params: Record<string, string>, scraper?: string, key?: string): Promise<Response>;
  /** Submits and returns the job's id. */
  buy(params: Record<string, string>, scraper?: string, key?: string): Promise<string>;
  poll(jobId: string): Promise<Response>;
}

/** A simulator of this test alone, closed when the test ends. */
export async function startBench(options: SimulatorOptions = {}): Promise<Bench> {
  const simulator = await startSimulator(options);
  running.push(simulator);
  const submit = (params: Record<string, string>, scraper = 'chatgpt', key = KEY) =>
    fetch(`${simulator.url}/scrapers/${scraper}/jobs?${new URLSearchParams(params).toString()}`, {
      method: 'POST',
      headers: { 'x-api-key': key },
    });
  return {
    simulator,
    control: simulatorControl(simulator.url),
    submit,
    buy: async (params, scraper, key) => {
      const body = await readJson(await submit(params, scraper, key));
      if (typeof body.job_id !== 'string') throw new Error(`no job: ${JSON.stringify(body)}`);
      return body.job_id;
    },
    poll: (jobId) => fetch(`${simulator.url}/jobs/${jobId}`),
  };
}

/** The core without HTTP, on a clock that stands still until the test moves it. */
export function makeSimulation(options: Partial<SimulationOptions> = {}): {
  sim: Simulation;
  wall: { ms: number };
} {
  const wall = { ms: Date.parse('2026-06-01T09:30:00Z') };
  const sim = new Simulation({
    seed: 'test',
    speed: 1,
    apiKeys: { [KEY]: 1_000 },
    knobs: {},
    history: [],
    persist: () => undefined,
    wall: () => wall.ms,
    ...options,
  });
  return { sim, wall };
}

/** Submits to a core and returns the body of its answer. */
export function submitTo(sim: Simulation, query: Record<string, string>, scraper = 'chatgpt'): Body {
  return sim.submit({ apiKey: KEY, scraper, query }).body as Body;
}

/** The fields that tests look at. An answer without one fails its expectation. */
export interface Body {
  job_id: string;
  status: string;
  detail: string;
  prompt: string;
  created_at: string;
  completed_at: string;
  result: Record<string, unknown>;
}

export async function readJson(response: Response): Promise<Body> {
  return (await response.json()) as Body;
}
