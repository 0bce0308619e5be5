import type { SimulatorClock } from '../clock.ts';
import type { DataForSeoEvent } from './events.ts';
import type { Family } from './families.ts';
import type { DataForSeoKnobs } from './knobs.ts';
import type { Scripts } from './scripts.ts';
import type { DataForSeoState } from './state.ts';
import type { TaskEntry } from './envelope.ts';
import type { Task } from './task.ts';
import type { VendorTraffic } from './vendor-traffic.ts';

/** What the vendor's calls work on. */
export interface Desk {
  readonly seed: string;
  /** All latencies are divided by it. */
  readonly speed: number;
  readonly clock: SimulatorClock;
  readonly state: DataForSeoState;
  readonly knobs: DataForSeoKnobs;
  readonly scripts: Scripts;
  readonly traffic: VendorTraffic;
  /** Writes the event down, then applies it. */
  record(event: DataForSeoEvent): void;
}

/** A call whose credentials are good. */
export interface VendorCall {
  login: string;
  /** Without a slash at the start, such as `v3/serp/id_list`. */
  path: string;
  body: string;
}

/** What a call is told: an outcome for each of its tasks, or that it failed as a whole. */
export type Answer =
  | {
      kind: 'tasks';
      tasks: TaskEntry[];
      /** 200 if not given. */
      status?: number;
      /** Tasks whose callbacks are sent because of this call: before its answer, or after it. */
      callBackBefore?: Task[];
      callBackAfter?: Task[];
    }
  | Refusal;

export interface Refusal {
  kind: 'refused';
  code: number;
  message?: string;
  status?: number;
}

/** Refuses a call as a whole. */
export function refuse(code: number, status = 200, message?: string): Refusal {
  return { kind: 'refused', code, status, ...(message !== undefined && { message }) };
}

/** The elements of a POST body, which is an array always, or what is wrong with it. */
export function readElements(body: string): { kind: 'elements'; elements: unknown[] } | Refusal {
  const parsed = parseJson(body);
  if (body.trim() === '' || (Array.isArray(parsed) && parsed.length === 0)) return refuse(40_502);
  if (!Array.isArray(parsed)) return refuse(40_503);
  return { kind: 'elements', elements: parsed };
}

/** `data` of a call that is about a family and no posted task. */
export function familyData(family: Family, call: string): Record<string, unknown> {
  const { api, se, type } = family;
  return api === 'serp' ? { api, function: call, se, se_type: type } : { api, function: type, se };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
