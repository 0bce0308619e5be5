import { parseJson } from '../parse-json.ts';
import type { HttpReply } from '../provider.ts';
import type { FailedCallbacks, ResendAnswer } from '../webhook-protocol.ts';
import { codeTrouble, httpTrouble, readFree } from './trouble.ts';
import { formatTime, isTaskId, objectsOf, parseTime, readEnvelope, textOf } from './wire.ts';

/** "limit, maximum value: 1000" (errors). */
const MAX_ROWS = 1_000;

/** The body of a call of `{api}/errors` for posts that did not arrive. Open at the end, since clocks differ. */
export function failedBody(fromMs: number): string {
  return JSON.stringify([
    {
      limit: MAX_ROWS,
      offset: 0,
      filtered_function: 'postback_url',
      datetime_from: formatTime(Math.floor(fromMs / 1000) * 1000),
    },
  ]);
}

/** Reads the list of calls that failed. Rows without an address are nobody's. */
export function readFailed(reply: HttpReply): FailedCallbacks {
  const free = readFree(reply);
  if (free.kind !== 'ok') return free;
  const { result } = free.task;
  const calls = objectsOf(result).flatMap(({ id, datetime, http_url }) => {
    const [taskId, url, failedAtMs] = [textOf(id), textOf(http_url), parseTime(datetime)];
    if (!isTaskId(taskId) || url === undefined || failedAtMs === undefined) return [];
    return [{ taskId, url, failedAt: new Date(failedAtMs).toISOString() }];
  });
  return { kind: 'listed', calls, full: Array.isArray(result) && result.length >= MAX_ROWS };
}

/** The body of a call of `appendix/webhook_resend`. */
export function resendBody(taskIds: readonly string[]): string {
  return JSON.stringify(taskIds.map((id) => ({ id })));
}

/** Which calls will be made again. Ids that the provider does not take are left out. */
export function readResend(reply: HttpReply): ResendAnswer {
  const envelope = readEnvelope(parseJson(reply.body));
  if (!envelope) return httpTrouble(reply);
  if (envelope.code !== 20000) return codeTrouble(reply, envelope.code, envelope.message);
  const taken = envelope.tasks.filter((task) => task?.status_code === 20000);
  return { kind: 'taken', count: taken.length };
}
