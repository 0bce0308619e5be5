import { afterEach } from 'vitest';
import { simulatorControl, type SimulatorControl } from '../../../src/simulator/control.ts';
import type { DataForSeoControl } from '../../../src/simulator/dataforseo/control.ts';
import type { DataForSeoKnobs } from '../../../src/simulator/dataforseo/knobs.ts';
import type { LedgerTask } from '../../../src/simulator/dataforseo/ledger.ts';
import { formatTime } from '../../../src/simulator/dataforseo/time.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../../src/simulator/simulator.ts';
import { SIMULATOR_LOGIN, SIMULATOR_PASSWORD } from '../../../src/contracts/simulator-credentials.ts';

const running: Simulator[] = [];
afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.close();
});

export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * 3_600_000;
export const GEMINI = 'ai_optimization/gemini/llm_scraper';
export const ORGANIC = 'serp/google/organic';
export const IMAGES = 'serp/google/images';

type CallInit = Omit<RequestInit, 'headers'> & { headers?: Record<string, string> };

export interface Bench {
  simulator: Simulator;
  control: SimulatorControl;
  dfs: DataForSeoControl;
  /** Calls a path below `/v3/` with good credentials. */
  get: (path: string) => Promise<Body>;
  post: (path: string, body: unknown) => Promise<Body>;
  fetch: (path: string, init?: CallInit) => Promise<Response>;
  /** Posts one task, which must be taken, and returns its id. */
  buy: (path: string, fields?: Record<string, unknown>) => Promise<string>;
  /** Ids in a ready list. */
  ready: (path: string) => Promise<string[]>;
  /** What the ledger says of a task. */
  booked: (id: string) => Promise<LedgerTask | undefined>;
}

/** A simulator of this test alone, whose tasks end at once and are listed at once, closed when the test ends. */
export async function startBench(
  knobs: Partial<DataForSeoKnobs> = {},
  options: SimulatorOptions = {},
): Promise<Bench> {
  const simulator = await startSimulator({
    ...options,
    dataforseo: { ...options.dataforseo, knobs: { durationMs: 0, listLagMs: 0, searchLagMs: 0, ...knobs } },
  });
  running.push(simulator);
  const control = simulatorControl(simulator.url);
  const call = (path: string, init: CallInit = {}) =>
    fetch(`${simulator.url}/v3/${path}`, { ...init, headers: { authorization: AUTH, ...init.headers } });
  const get = async (path: string) => readBody(await call(path));
  const post = async (path: string, body: unknown) =>
    readBody(await call(path, { method: 'POST', body: JSON.stringify(body) }));
  return {
    simulator,
    control,
    dfs: control.dataforseo,
    get,
    post,
    fetch: call,
    buy: async (path, fields) => {
      const body = await post(`${path}/task_post`, [{ ...TASK, ...fields }]);
      const [task] = body.tasks;
      if (task?.status_code !== 20_100) throw new Error(`not taken: ${JSON.stringify(body)}`);
      return task.id;
    },
    ready: async (path) => {
      const body = await get(`${path}/tasks_ready`);
      return (body.tasks[0]?.result ?? []).map((row) => String(row.id));
    },
    booked: async (id) => {
      const { tasks } = await control.dataforseo.ledger({ foreign: true });
      return tasks.find((task) => task.id === id);
    },
  };
}

/** A task that every family takes. */
export const TASK = { keyword: 'best lamp', location_code: 2840, language_code: 'en' };
export const AUTH = basic(SIMULATOR_LOGIN, SIMULATOR_PASSWORD);

export function basic(login: string, password: string): string {
  return `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
}

/** The fields that tests look at. An answer without one fails its expectation. */
export interface Body {
  status_code: number;
  cost: number;
  tasks_count: number;
  tasks_error: number;
  tasks: Array<{
    id: string;
    status_code: number;
    status_message: string;
    cost: number;
    result_count: number;
    path: string[];
    data: Record<string, unknown>;
    result: Array<Record<string, unknown>> | null;
  }>;
}

export async function readBody(response: Response): Promise<Body> {
  return (await response.json()) as Body;
}

/** A search of everything so far. */
export async function window(bench: Bench, fromMs = 20 * DAY_MS): Promise<Record<string, unknown>> {
  const nowMs = Date.parse((await bench.control.state()).now);
  return {
    datetime_from: formatTime(nowMs - fromMs),
    datetime_to: formatTime(nowMs),
    include_metadata: true,
  };
}
