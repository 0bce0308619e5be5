import type { CallbackFault, ResultFault } from './faults.ts';
import type { FamilyName } from './families.ts';

/** A task with its whole life: what any call sees is a function of this and the clock. Times are simulator milliseconds. */
export interface Task {
  id: string;
  login: string;
  family: FamilyName;
  /** Posted by somebody else who shares the account. */
  foreign: boolean;
  /** Foreign ones may stand before all others in the ready lists. */
  inFront: boolean;
  /** The posted fields with defaults, as `data` echoes them. */
  data: Record<string, unknown>;
  /** Decoded. */
  keyword: string;
  tag: string;
  locationCode: number;
  languageCode: string;
  /** What makes two purchases the same one, hashed. The tag is no part of it. */
  identity: string;
  /** How many tasks of this identity came before. */
  nth: number;
  postedAtMs: number;
  /** Before this it does not exist for a GET. */
  visibleAtMs: number;
  /** Before this it is not in `id_list`. */
  searchableAtMs: number;
  /** In `id_list`, its metadata have no tag. */
  searchedWithoutTag: boolean;
  handedAtMs: number;
  /** `null`: never. */
  doneAtMs: number | null;
  /** From the end to the ready list; `null`: never there. Tasks with a postback come there only if it fails. */
  listLagMs: number | null;
  listedTwice: boolean;
  /** In the short time before its postback is delivered, it is in the ready list all the same. */
  listedBeforePostback: boolean;
  endCode: 20000 | 40101 | 40102 | 40103;
  /** Charged when it was posted. */
  costMicros: number;
  /** Part of the cost that comes back after the end. */
  refundMicros: number;
  /** After the end; `null`: never. */
  refundDelayMs: number | null;
  /** Pages of results that there were. */
  pages: number;
  aiOverview: boolean;
  resultFaults: ResultFault[];
  callbackFaults: CallbackFault[];
  callbackDelayMs: number;
  /** The text is padded to at least this many bytes. */
  minBytes: number;
  hostile: boolean;
}

/** What the vendor says about a task at this time. */
export function codeOf(task: Task, nowMs: number): number {
  if (task.doneAtMs !== null && task.doneAtMs <= nowMs) return task.endCode;
  return task.handedAtMs <= nowMs ? 40_601 : 40_602;
}

export function isDone(task: Task, nowMs: number): boolean {
  return task.doneAtMs !== null && task.doneAtMs <= nowMs;
}

/** When part of the cost comes back; undefined if it never does. */
export function refundAtMs(task: Task): number | undefined {
  if (task.refundMicros === 0 || task.refundDelayMs === null || task.doneAtMs === null) return undefined;
  return task.doneAtMs + task.refundDelayMs;
}

/** What came back by now, micro-USD. */
export function refundedMicros(task: Task, nowMs: number): number {
  const atMs = refundAtMs(task);
  return atMs !== undefined && atMs <= nowMs ? task.refundMicros : 0;
}

/** The URL that the vendor posts the result to, if one was given. */
export function postbackUrl(task: Task): string | undefined {
  return urlOf(task.data.postback_url);
}

/** The URL that the vendor calls without a body, if one was given. */
export function pingbackUrl(task: Task): string | undefined {
  return urlOf(task.data.pingback_url);
}

function urlOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
