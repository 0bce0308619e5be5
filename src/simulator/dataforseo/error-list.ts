import { z } from 'zod';
import { readElements, type Answer, type Desk, type VendorCall } from './desk.ts';
import { taskEntry, type TaskEntry } from './envelope.ts';
import type { CallbackAttempt } from './events.ts';
import { familyOf, type Api } from './families.ts';
import { messageOf } from './status-codes.ts';
import { isDone, type Task } from './task.ts';
import { newTaskId } from './task-id.ts';
import { formatTime, parseTime } from './time.ts';

/** How long errors are listed; the field texts of the vendor's client. */
const LISTED_FOR_MS = 7 * 24 * 3_600_000;

const searchSchema = z.strictObject({
  limit: z.number().int().min(1).max(1_000).default(1_000),
  offset: z.number().int().min(0).max(100_000_000).default(0),
  filtered_function: z.string().optional(),
  datetime_from: z.string().optional(),
  datetime_to: z.string().optional(),
});

/** `POST /v3/{api}/errors`: tasks that ended without a result, and callbacks that failed, oldest first. */
export function listErrors(desk: Desk, api: Api, call: VendorCall): Answer {
  const read = readElements(call.body);
  if (read.kind === 'refused') return read;
  return { kind: 'tasks', tasks: read.elements.map((element) => answerOne(desk, api, call, element)) };
}

interface ErrorRow {
  atMs: number;
  function: string;
  fields: Record<string, unknown>;
}

function answerOne(desk: Desk, api: Api, call: VendorCall, element: unknown): TaskEntry {
  const nowMs = desk.clock.nowMs();
  const asked = element !== null && typeof element === 'object' ? element : {};
  const entry = {
    id: newTaskId(nowMs, '0522'),
    path: call.path,
    data: { api, function: 'errors', ...asked },
  };
  const parsed = searchSchema.safeParse(element);
  if (!parsed.success) {
    const field = String(parsed.error.issues[0]?.path[0] ?? 'limit');
    return taskEntry({ ...entry, code: 40_501, message: `Invalid Field: '${field}'.` });
  }
  const { limit, offset, filtered_function: only, datetime_from: from, datetime_to: to } = parsed.data;
  const fromMs = Math.max(parseTime(from) ?? 0, nowMs - LISTED_FOR_MS);
  const toMs = parseTime(to) ?? nowMs;
  const rows = allRows(desk, api, call.login).filter(
    (row) => row.atMs >= fromMs && row.atMs <= toMs && (only === undefined || row.function === only),
  );
  rows.sort((a, b) => a.atMs - b.atMs);
  const result = rows.slice(offset, offset + limit).map((row) => row.fields);
  return taskEntry({ ...entry, code: 20_000, result });
}

function allRows(desk: Desk, api: Api, login: string): ErrorRow[] {
  const { state, clock, knobs } = desk;
  const nowMs = clock.nowMs();
  const isOurs = (task: Task | undefined): task is Task =>
    task !== undefined && task.login === login && familyOf(task.family).api === api;
  const failed = state.failing.filter((task) => isOurs(task) && isDone(task, nowMs));
  const callbacks = state.failedCallbacks.filter(({ id }) => isOurs(state.tasks.get(id)));
  const time = (ms: number) => formatTime(ms, knobs.offsetStyle);
  return [
    ...failed.map((task) => ofTask(task, time(task.doneAtMs ?? 0))),
    ...callbacks.map((attempt) => ofCallback(attempt, time(attempt.atMs))),
  ];
}

function ofTask(task: Task, datetime: string): ErrorRow {
  const family = familyOf(task.family);
  const name = `${family.api}/task_get/${family.variants[0]}`;
  return {
    atMs: task.doneAtMs ?? 0,
    function: name,
    fields: {
      id: task.id,
      datetime,
      function: name,
      error_code: task.endCode,
      error_message: messageOf(task.endCode),
      http_url: `/v3/${family.path}/task_post`,
      http_method: 'POST',
      http_code: 200,
      http_time: 0,
      http_response: null,
    },
  };
}

function ofCallback(attempt: CallbackAttempt, datetime: string): ErrorRow {
  const name = `${attempt.kind}_url`;
  return {
    atMs: attempt.atMs,
    function: name,
    fields: {
      id: attempt.id,
      datetime,
      function: name,
      error_code: 50_000,
      error_message: attempt.url,
      http_url: attempt.url,
      http_method: attempt.kind === 'pingback' ? 'GET' : 'POST',
      http_code: attempt.httpCode,
      http_time: attempt.httpTimeMs / 1_000,
      http_response: attempt.response,
    },
  };
}
