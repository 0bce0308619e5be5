import { dataForSeoControl, type DataForSeoControl } from './dataforseo/control.ts';
import type { Script } from './faults.ts';
import type { Knobs } from './knobs.ts';
import type { Ledger, Summary } from './ledger.ts';

/** The control surface of a running simulator, one method a route. */
export interface SimulatorControl {
  /** Balances, jobs by state, calls, clock, knobs. */
  state(): Promise<Summary>;
  /** All jobs and tasks with their money; only those of one prompt if it is given. */
  ledger(prompt?: string): Promise<Ledger>;
  /** Moves the simulator's clock forward. */
  advance(ms: number): Promise<{ now: string }>;
  setKnobs(patch: Partial<Knobs>): Promise<Knobs>;
  /** Replaces the scripted faults of a key, a scraper or everybody. */
  script(script: Script): Promise<Record<string, number>>;
  fund(key: string, credits: number): Promise<{ balance: number }>;
  reset(seed: string | number): Promise<{ seed: string }>;
  /** Ends one pending job now, or all of them. */
  ready(jobId?: string): Promise<{ jobIds: string[] }>;
  /** What is turned of the simulated DataForSEO. */
  dataforseo: DataForSeoControl;
}

/** Talks to the simulator at `url`. Its methods throw an Error with the simulator's words if it refuses. */
export function simulatorControl(url: string): SimulatorControl {
  const get = <T>(path: string) => call<T>(`${url}/__sim/${path}`);
  const post = <T>(path: string, body: unknown) =>
    call<T>(`${url}/__sim/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return {
    state: () => get('state'),
    ledger: (prompt) => get(prompt === undefined ? 'ledger' : `ledger?prompt=${encodeURIComponent(prompt)}`),
    advance: (advanceMs) => post('clock', { advanceMs }),
    setKnobs: (patch) => post('knobs', patch),
    script: (script) => post('script', script),
    fund: (key, credits) => post('fund', { key, credits }),
    reset: (seed) => post('reset', { seed }),
    ready: (jobId) => post('ready', { jobId }),
    dataforseo: dataForSeoControl(get, post),
  };
}

async function call<T>(url: string, init?: RequestInit): Promise<T> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`the simulator refused ${new URL(url).pathname}: ${text}`);
  // The simulator is of the same release, and its routes answer with these types.
  return JSON.parse(text) as T;
}
