import { randomStream } from '../random.ts';
import { RESET, text, type Reply } from '../reply.ts';
import { readElements, type Answer, type Desk, type VendorCall } from './desk.ts';
import { envelope, refusedEnvelope } from './envelope.ts';
import { CALL_FAULTS, drawFaults, type CallStep } from './faults.ts';
import type { FoundCall } from './find-call.ts';
import { decodeKeyword } from './validate-task.ts';
import type { Marks } from './scripts.ts';
import type { Task } from './task.ts';

/** An answer, and the tasks whose callbacks go out before and after it. */
export interface Handled {
  reply: Reply;
  before: Task[];
  after: Task[];
}

/** Answers a call that the vendor knows: limits first, then what a fault makes of it. */
export function answerCall(desk: Desk, found: FoundCall, call: VendorCall, tooManyAtOnce: boolean): Handled {
  const { knobs, clock, traffic } = desk;
  const path = found.taskId === undefined ? call.path : call.path.replace(`/${found.taskId}`, '');
  const arrived = { atMs: clock.nowMs(), login: call.login, call: found.name, path };
  const { broken, limit, remaining } = traffic.admit(arrived, found.limit, knobs.limits);
  const headers: Record<string, string> =
    limit === null ? {} : { 'x-ratelimit-limit': String(limit), 'x-ratelimit-remaining': String(remaining) };
  const refusal = broken ? 40_202 : tooManyAtOnce ? 40_209 : undefined;
  if (refusal !== undefined) return handled({ status: 200, body: refusedEnvelope(refusal), headers });
  const marks = marksOf(desk, found, call);
  const step = chooseFault(desk, found, call, marks);
  const on = found.name === 'task_post' ? found.name : 'read';
  traffic.faults.note(clock.wallMs(), on, step.fault, marks.keywords);
  const undone = beforehand(step);
  if (undone) return handled({ ...undone, headers });
  const answer = found.answer(desk, call);
  const reply = afterwards(desk, step, replyOf(answer));
  return {
    reply: { ...reply, headers: { ...headers, ...reply.headers } },
    before: answer.kind === 'tasks' ? (answer.callBackBefore ?? []) : [],
    after: answer.kind === 'tasks' ? (answer.callBackAfter ?? []) : [],
  };
}

/** The answer to a call without good credentials. */
export const UNAUTHORIZED: Reply = { status: 401, body: refusedEnvelope(40_100) };
/** The answer to a path that does not exist. */
export const NO_ENDPOINT: Reply = { status: 404, body: refusedEnvelope(40_400) };

function handled(reply: Reply): Handled {
  return { reply, before: [], after: [] };
}

function replyOf(answer: Answer): Reply {
  if (answer.kind === 'tasks') return { status: answer.status ?? 200, body: envelope(answer.tasks) };
  return { status: answer.status ?? 200, body: refusedEnvelope(answer.code, answer.message) };
}

function chooseFault(desk: Desk, found: FoundCall, call: VendorCall, marks: Marks): CallStep {
  const scripted = desk.scripts.nextCall(found.name, marks);
  if (scripted) return scripted;
  const { postFaults, readFaults } = desk.knobs;
  const rates = found.name === 'task_post' ? postFaults : readFaults;
  if (Object.keys(rates).length === 0) return { fault: 'none' };
  const subject = marks.tags[0] ?? marks.keywords[0] ?? call.path;
  const nth = desk.traffic.nthOf(`${found.name} ${subject}`);
  const random = randomStream(desk.seed, 'dataforseo call', found.name, subject, nth);
  return { fault: drawFaults(CALL_FAULTS, rates, random)[0] ?? 'none' };
}

/** What scripts may call this call by: tags and keywords of what it posts or gets. */
function marksOf(desk: Desk, found: FoundCall, call: VendorCall): Marks {
  const family = found.family?.name;
  const task = found.taskId === undefined ? undefined : desk.state.tasks.get(found.taskId);
  if (task) return { tags: [task.tag], keywords: [task.keyword], family };
  if (found.name !== 'task_post') return { tags: [], keywords: [], family };
  const read = readElements(call.body);
  const posted = read.kind === 'elements' ? read.elements : [];
  return {
    tags: posted.flatMap((element) => textAt(element, 'tag')),
    keywords: posted.flatMap((element) => textAt(element, 'keyword').map(decodeKeyword)),
    family,
  };
}

function textAt(element: unknown, name: string): string[] {
  if (element === null || typeof element !== 'object') return [];
  const value = Object.entries(element).find(([key]) => key === name)?.[1];
  return typeof value === 'string' ? [value] : [];
}

/** The faults that come before anything is done. */
function beforehand(step: CallStep): Reply | undefined {
  const faults: Partial<Record<CallStep['fault'], Reply>> = {
    'drop-before': RESET,
    'http-error': text(step.status ?? 502, HTML_BODY, 'text/html'),
    'root-error': { status: 200, body: refusedEnvelope(step.code ?? 50_000) },
  };
  return faults[step.fault];
}

/** The faults that come after it is done. */
function afterwards({ knobs }: Desk, step: CallStep, reply: Reply): Reply {
  const faults: Partial<Record<CallStep['fault'], () => Reply>> = {
    'drop-after': () => RESET,
    'http-error-after': () => text(step.status ?? 502, HTML_BODY, 'text/html'),
    'root-error-after': () => ({ status: 200, body: refusedEnvelope(step.code ?? 50_000) }),
    slow: () => ({ ...reply, delayMs: step.ms ?? knobs.slowMs }),
    'garbage-body': () => text(reply.status, CUT_OFF, 'application/json'),
    'html-body': () => text(200, HTML_BODY, 'text/html'),
    'huge-body': () => ({
      ...reply,
      body: { ...asObject(reply.body), padding: 'x'.repeat(step.bytes ?? knobs.hugeBytes) },
    }),
    'false-gzip': () => ({ ...reply, headers: { 'content-encoding': 'gzip' } }),
  };
  return faults[step.fault]?.() ?? reply;
}

const CUT_OFF = '{"version":"0.1.20261101","status_code":20000,"tas';
const HTML_BODY = '<!DOCTYPE html><html><head><title>Bad gateway</title></head><body>Try again</body></html>';

function asObject(body: unknown): object {
  return body !== null && typeof body === 'object' ? body : {};
}
