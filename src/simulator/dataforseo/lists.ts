import { familyData, type Answer, type Desk, type VendorCall } from './desk.ts';
import { taskEntry } from './envelope.ts';
import { familyOf, VARIANTS, type Family, type Variant } from './families.ts';
import { newTaskId } from './task-id.ts';
import type { Task } from './task.ts';
import { formatTime, type OffsetStyle } from './time.ts';

/** Rows of one call; docs.dataforseo.com, tasks_ready pages. What is beyond them cannot be seen. */
const MAX_ROWS = 1_000;
const FIXED_FOR_MS = 24 * 3_600_000;

/** `tasks_ready` of one family, an engine or the whole API: what is done and not collected, oldest first. */
export function listReady(desk: Desk, families: readonly Family[], call: VendorCall): Answer {
  const nowMs = desk.clock.nowMs();
  const rows = families.flatMap((family) => desk.state.list(call.login, family).first(nowMs, MAX_ROWS));
  // One family's rows are in order already.
  const ordered = families.length === 1 ? rows : rows.toSorted(inOrder).slice(0, MAX_ROWS);
  return listOf(desk, families, call, 'tasks_ready', ordered);
}

/** `tasks_fixed`: what the vendor parsed again in the last 24 hours. */
export function listFixed(desk: Desk, family: Family, call: VendorCall): Answer {
  const nowMs = desk.clock.nowMs();
  const rows = [...desk.state.fixed].filter((task) => {
    const { fixedAtMs = 0 } = desk.state.dealings(task.id);
    return task.login === call.login && task.family === family.name && nowMs < fixedAtMs + FIXED_FOR_MS;
  });
  return listOf(desk, [family], call, 'tasks_fixed', rows.slice(0, MAX_ROWS));
}

function listOf(
  desk: Desk,
  families: readonly Family[],
  call: VendorCall,
  name: string,
  tasks: readonly Task[],
): Answer {
  const [family] = families;
  const { emptyList, offsetStyle } = desk.knobs;
  const result = tasks.map((task) => row(task, offsetStyle));
  const entry = taskEntry({
    id: newTaskId(desk.clock.nowMs(), family?.idCodes.list ?? '0087'),
    code: 20_000,
    path: call.path,
    data: family && families.length === 1 ? familyData(family, name) : { api: 'serp', function: name },
    result: result.length === 0 && emptyList === 'null' ? null : result,
  });
  return { kind: 'tasks', tasks: [entry] };
}

function row(task: Task, offsetStyle: OffsetStyle): Record<string, unknown> {
  const family = familyOf(task.family);
  const serp = family.api === 'serp';
  const endpoint = (variant: Variant) =>
    family.variants.includes(variant) ? `/v3/${family.path}/task_get/${variant}/${task.id}` : null;
  const variants = serp ? VARIANTS : family.variants;
  return {
    id: task.id,
    se: family.se,
    ...(serp ? { se_type: family.type } : { function: family.type }),
    date_posted: formatTime(task.postedAtMs, offsetStyle),
    tag: task.tag,
    ...Object.fromEntries(variants.map((variant) => [`endpoint_${variant}`, endpoint(variant)])),
  };
}

function inOrder(a: Task, b: Task): number {
  if (a.inFront !== b.inFront) return a.inFront ? -1 : 1;
  return (a.doneAtMs ?? 0) - (b.doneAtMs ?? 0);
}
