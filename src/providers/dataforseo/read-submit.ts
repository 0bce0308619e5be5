import type { RefusalReason } from '../../contracts/journal.ts';
import { parseJson } from '../parse-json.ts';
import type { HttpReply, PageTask, SubmitAnswer } from '../provider.ts';
import { codeRow } from './codes.ts';
import { HTTP_REFUSALS, sayCode, waitAfter } from './trouble.ts';
import { echoed, isTaskId, readEnvelope, toMicros } from './wire.ts';
import type { Envelope, WireTask } from './wire.ts';

/**
 * Reads the answer to a purchase, one answer a task. Each entry of the reply is matched by the tag that it echoes; one
 * without a tag by its place, if nothing speaks against the order. A task that no entry clearly speaks of is `unknown`,
 * and no entry says anything about a neighbour.
 */
export function readPage(reply: HttpReply, tasks: readonly PageTask[]): SubmitAnswer[] {
  const envelope = readEnvelope(parseJson(reply.body));
  if (!envelope) return tasks.map(() => withoutJson(reply));
  if (envelope.tasks.length === 0) return tasks.map(() => ofCall(reply, envelope));
  const entries = matchEntries(envelope.tasks, tasks);
  const answers = tasks.map((task, index) => ofTask(reply, entries[index], task));
  return withoutSharedIds(answers);
}

/** Only what "cannot have bought anything" is a refusal; a page of something in between proves nothing. */
function withoutJson(reply: HttpReply): SubmitAnswer {
  const message = `DataForSEO answered ${reply.status} without its own JSON`;
  const reason = HTTP_REFUSALS[reply.status];
  return reason ? refused(reply, reason, message) : unknown(message);
}

/** The call ended as a whole: whether that proves that nothing was bought is in the table of codes. */
function ofCall(reply: HttpReply, { code, message }: Envelope): SubmitAnswer {
  const { root } = codeRow(code);
  const said = sayCode(code, message);
  return root === 'unknown' ? unknown(said, code) : refused(reply, root, said, code);
}

function ofTask(reply: HttpReply, entry: WireTask | undefined, { request }: PageTask): SubmitAnswer {
  if (entry?.status_code === undefined) return unknown('DataForSEO’s answer does not speak of this task');
  const { status_code: code, status_message: words = '', cost } = entry;
  // An invalid field may be quoted with its value.
  const message = sayCode(code, words.replaceAll(request.prompt, '[prompt]'));
  const micros = toMicros(cost);
  const { task } = codeRow(code);
  if (task === 'accepted' && isTaskId(entry.id)) {
    return {
      kind: 'accepted',
      taskId: entry.id,
      ...(micros !== undefined && { charge: micros === 0 ? {} : { usdMicros: micros } }),
      submittedAt: new Date(reply.serverTimeMs).toISOString(),
    };
  }
  if (task === 'accepted') return unknown(`${message}, without a task id`);
  // What was charged was bought, whatever the code says.
  if (task === 'unknown' || (micros !== undefined && micros > 0)) return unknown(message, code);
  return refused(reply, task, message, code);
}

/** The entry of each task, in the order of `tasks`. */
function matchEntries(
  entries: ReadonlyArray<WireTask | undefined>,
  tasks: readonly PageTask[],
): Array<WireTask | undefined> {
  const tags = entries.map((entry) => entry && echoed(entry, 'tag'));
  const inOrder =
    entries.length === tasks.length &&
    tags.every((tag, index) => tag === undefined || tag === tasks[index]?.tag);
  return tasks.map(({ tag }, index) => {
    const own = entries.filter((_, place) => tags[place] === tag);
    if (own.length === 1) return own[0];
    return own.length === 0 && inOrder ? entries[index] : undefined;
  });
}

/** One id for two tasks: nobody can tell whose it is. */
function withoutSharedIds(answers: SubmitAnswer[]): SubmitAnswer[] {
  const count = new Map<string, number>();
  for (const answer of answers) {
    if (answer.kind === 'accepted') count.set(answer.taskId, (count.get(answer.taskId) ?? 0) + 1);
  }
  return answers.map((answer) =>
    answer.kind === 'accepted' && count.get(answer.taskId) !== 1
      ? unknown('DataForSEO gave the same id to several tasks')
      : answer,
  );
}

function unknown(message: string, code?: number): SubmitAnswer {
  const hint = code === undefined ? undefined : codeRow(code).trouble;
  return { kind: 'unknown', message, ...(hint && { hint }) };
}

function refused(reply: HttpReply, reason: RefusalReason, message: string, code?: number): SubmitAnswer {
  const wait = waitAfter(reply, code);
  return { kind: 'refused', reason, message, ...(wait !== undefined && { retryAfterMs: wait }) };
}
