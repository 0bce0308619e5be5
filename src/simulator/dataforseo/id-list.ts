import { z } from 'zod';
import { readElements, type Answer, type Desk, type VendorCall } from './desk.ts';
import { taskEntry, toUsd, type TaskEntry } from './envelope.ts';
import { familyOf, type Api } from './families.ts';
import { newTaskId } from './task-id.ts';
import { codeOf, isDone, refundedMicros, type Task } from './task.ts';
import { formatTime, parseTime } from './time.ts';

const DAY_MS = 24 * 3_600_000;
/** How far back the list goes, and with metadata; docs.dataforseo.com/v3/serp/id_list. */
const REACH_MS = 183 * DAY_MS;
const METADATA_REACH_MS = 31 * DAY_MS;

const searchSchema = z.strictObject({
  datetime_from: z.string(),
  datetime_to: z.string(),
  limit: z.number().int().min(1).max(1_000).default(1_000),
  offset: z.number().int().min(0).max(100_000_000).default(0),
  sort: z.enum(['asc', 'desc']).default('asc'),
  include_metadata: z.boolean().default(false),
});
type Search = z.infer<typeof searchSchema>;

/** `POST /v3/{api}/id_list`: everything that was bought in a window of time, whatever became of it. */
export function listIds(desk: Desk, api: Api, call: VendorCall): Answer {
  const read = readElements(call.body);
  if (read.kind === 'refused') return read;
  return { kind: 'tasks', tasks: read.elements.map((element) => answerOne(desk, api, call, element)) };
}

function answerOne(desk: Desk, api: Api, call: VendorCall, element: unknown): TaskEntry {
  const nowMs = desk.clock.nowMs();
  const asked = element !== null && typeof element === 'object' ? element : {};
  const entry = {
    id: newTaskId(nowMs, '0521'),
    path: call.path,
    data: { api, function: 'id_list', ...asked },
  };
  const parsed = searchSchema.safeParse(element);
  if (!parsed.success) return taskEntry({ ...entry, ...problemOf(parsed.error) });
  const window = readWindow(parsed.data, nowMs);
  if ('field' in window) return taskEntry({ ...entry, ...invalid(window.field) });
  const found = between(desk.state.posted(call.login, api), window).filter(
    (task) => task.searchableAtMs <= nowMs,
  );
  if (parsed.data.sort === 'desc') found.reverse();
  const { offset, limit, include_metadata: withMetadata } = parsed.data;
  const result = found.slice(offset, offset + limit).map((task) => row(desk, task, withMetadata));
  return taskEntry({ ...entry, code: 20_000, result });
}

interface Window {
  fromMs: number;
  /** The second that it ends in belongs to it. */
  toMs: number;
}

function readWindow(search: Search, nowMs: number): Window | { field: string } {
  const fromMs = parseTime(search.datetime_from);
  const toMs = parseTime(search.datetime_to);
  const reachMs = search.include_metadata ? METADATA_REACH_MS : REACH_MS;
  if (fromMs === undefined || fromMs < nowMs - reachMs || fromMs > nowMs) return { field: 'datetime_from' };
  if (toMs === undefined || toMs <= fromMs || toMs > nowMs) return { field: 'datetime_to' };
  return { fromMs, toMs: toMs + 999 };
}

/** Tasks posted within the window; `tasks` are in the order of posting. */
function between(tasks: readonly Task[], { fromMs, toMs }: Window): Task[] {
  return tasks.slice(firstAtOrAfter(tasks, fromMs), firstAtOrAfter(tasks, toMs + 1));
}

function firstAtOrAfter(tasks: readonly Task[], ms: number): number {
  let low = 0;
  let high = tasks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tasks[middle]?.postedAtMs ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

function row(desk: Desk, task: Task, withMetadata: boolean): Record<string, unknown> {
  const nowMs = desk.clock.nowMs();
  const { offsetStyle } = desk.knobs;
  const { tag: _, ...withoutTag } = task.data;
  return {
    id: task.id,
    url: `v3/${familyOf(task.family).path}/task_post`,
    datetime_posted: formatTime(task.postedAtMs, offsetStyle),
    datetime_done: isDone(task, nowMs) ? formatTime(task.doneAtMs ?? 0, offsetStyle) : null,
    status: String(codeOf(task, nowMs)),
    cost: toUsd(task.costMicros - refundedMicros(task, nowMs)),
    ...(withMetadata && { metadata: task.searchedWithoutTag ? withoutTag : task.data }),
  };
}

function problemOf(error: z.ZodError): { code: number; message: string } {
  const [issue] = error.issues;
  if (issue?.code === 'unrecognized_keys') {
    return { code: 40_506, message: `Unknown Fields in POST Data: ${issue.keys.join(', ')}.` };
  }
  return invalid(String(issue?.path[0] ?? 'datetime_from'));
}

function invalid(field: string): { code: number; message: string } {
  return { code: 40_501, message: `Invalid Field: '${field}'.` };
}
