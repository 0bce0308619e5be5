import { buildResult } from './content/build-result.ts';
import { familyData, type Answer, type Desk, type VendorCall } from './desk.ts';
import { taskEntry, type TaskEntry } from './envelope.ts';
import { familyOf, type Family, type Variant } from './families.ts';
import { echo } from './post-tasks.ts';
import { codeOf, isDone, type Task } from './task.ts';

const DAY_MS = 24 * 3_600_000;

/** How long a result can be had after its end; docs.dataforseo.com, task_get pages. */
const RETENTION_MS: Record<Variant, number> = {
  regular: 30 * DAY_MS,
  advanced: 30 * DAY_MS,
  html: 7 * DAY_MS,
};

/** `GET /v3/{family}/task_get/{variant}/{id}`: free, and as often as one likes. */
export function getTask(desk: Desk, family: Family, variant: Variant, id: string, call: VendorCall): Answer {
  const nowMs = desk.clock.nowMs();
  const task = desk.state.tasks.get(id);
  const refused = (code: number): TaskEntry =>
    taskEntry({ id, code, path: call.path, data: familyData(family, 'task_get') });
  if (!task || nowMs < task.visibleAtMs) {
    return { kind: 'tasks', tasks: [refused(40_401)], status: desk.knobs.unknownIdStatus };
  }
  const misplaced = task.login === call.login ? wrongPlace(family, familyOf(task.family)) : 40_001;
  if (misplaced !== undefined) return { kind: 'tasks', tasks: [refused(misplaced)] };
  if (!isDone(task, nowMs)) {
    return {
      kind: 'tasks',
      tasks: [refused(desk.knobs.pendingCode === '20100' ? 20_100 : codeOf(task, nowMs))],
    };
  }
  if (nowMs >= (task.doneAtMs ?? 0) + RETENTION_MS[variant]) {
    return { kind: 'tasks', tasks: [refused(40_403)] };
  }
  const collects = variant !== 'html' || desk.knobs.htmlCollects;
  desk.record({ type: 'fetched', id, variant, atMs: nowMs, collects });
  return { kind: 'tasks', tasks: [finishedEntry(desk, task, variant, call.path)] };
}

/** The entry of a task that has ended, as a GET and a postback have it. */
export function finishedEntry(desk: Desk, task: Task, variant: Variant, path: string): TaskEntry {
  const { api } = familyOf(task.family);
  const { knobs } = desk;
  return taskEntry({
    id: task.id,
    code: task.endCode,
    path,
    costMicros: knobs.costOnGet ? task.costMicros : 0,
    data: { ...echo(desk, task.data), ...(api === 'serp' && { function: 'task_get' }) },
    result: resultOf(desk, task, variant),
  });
}

/** The result of a task that has ended, as everybody is told it. */
export function resultOf({ knobs, seed, state }: Desk, task: Task, variant: Variant): unknown[] | null {
  if (task.endCode !== 20_000) return null;
  const fixed = state.dealings(task.id).fixedAtMs !== undefined;
  const { hugeBytes, offsetStyle } = knobs;
  return buildResult(task, variant, { seed, fixed, hugeBytes, offsetStyle });
}

/** Which of the vendor's codes says that a task is none of this path's. */
function wrongPlace(asked: Family, real: Family): number | undefined {
  if (asked.name === real.name) return undefined;
  if (asked.api !== real.api) return 40_004;
  return asked.se === real.se ? 40_003 : 40_002;
}
