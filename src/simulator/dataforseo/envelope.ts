import { isError, messageOf } from './status-codes.ts';

/** One element of `tasks` in an answer. */
export interface TaskEntry {
  id: string;
  status_code: number;
  status_message: string;
  time: string;
  cost: number;
  result_count: number;
  path: string[];
  data: Record<string, unknown>;
  result: unknown[] | null;
}

interface EntryInit {
  id: string;
  code: number;
  message?: string | undefined;
  costMicros?: number;
  path: string;
  data: Record<string, unknown>;
  result?: unknown[] | null;
}

/** The outcome of one task of a call. */
export function taskEntry({
  id,
  code,
  message,
  costMicros,
  path,
  data,
  result = null,
}: EntryInit): TaskEntry {
  return {
    id,
    status_code: code,
    status_message: message ?? messageOf(code),
    time: '0.0211 sec.',
    cost: toUsd(costMicros ?? 0),
    result_count: result?.length ?? 0,
    path: path.split('/'),
    data,
    result,
  };
}

/** The envelope that every answer has; `tasks` are the outcomes of a call that was understood. */
export function envelope(tasks: TaskEntry[]): Record<string, unknown> {
  return {
    version: VERSION,
    ...statusOf(20_000),
    time: '0.0712 sec.',
    cost: toUsd(tasks.reduce((sum, task) => sum + Math.round(task.cost * 1e6), 0)),
    tasks_count: tasks.length,
    tasks_error: tasks.filter((task) => isError(task.status_code)).length,
    tasks,
  };
}

/** The envelope of a call that failed as a whole: no task was looked at. */
export function refusedEnvelope(code: number, message?: string): Record<string, unknown> {
  return {
    version: VERSION,
    ...statusOf(code, message),
    time: '0 sec.',
    cost: 0,
    tasks_count: 0,
    tasks_error: 0,
    tasks: null,
  };
}

/** Micro-USD as the vendor's decimal dollars. */
export function toUsd(micros: number): number {
  return micros / 1e6;
}

const VERSION = '0.1.20261101';

function statusOf(code: number, message?: string): { status_code: number; status_message: string } {
  return { status_code: code, status_message: message ?? messageOf(code) };
}
