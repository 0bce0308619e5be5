import { parseJson } from '../parse-json.ts';
import type { Postback } from '../webhook-protocol.ts';
import { echoed, isTaskId, readEnvelope, toMicros } from './wire.ts';

/** Reads what was posted to a postback address: the same JSON as a `task_get` of the form that was asked for. */
export function readPostback(body: Uint8Array): Postback | undefined {
  const envelope = readEnvelope(parseJson(body));
  const [task, ...others] = envelope?.tasks ?? [];
  if (!task || others.length > 0 || !isTaskId(task.id)) return undefined;
  const tag = echoed(task, 'tag');
  if (tag === undefined) return undefined;
  const variant = task.path?.includes('task_get') ? task.path.at(-2) : echoed(task, 'postback_data');
  const micros = toMicros(task.cost);
  return {
    taskId: task.id,
    tag,
    ...(variant !== undefined && { variant }),
    // 0 is what a collection costs, not what the task did.
    ...(micros ? { charge: { usdMicros: micros } } : {}),
  };
}
