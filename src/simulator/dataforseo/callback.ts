import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Desk } from './desk.ts';
import { envelope } from './envelope.ts';
import type { CallbackAttempt } from './events.ts';
import { familyOf, type Variant } from './families.ts';
import type { CallbackFault } from './faults.ts';
import { finishedEntry } from './get-task.ts';
import { pingbackUrl, postbackUrl, type Task } from './task.ts';

const compress = promisify(gzip);

/** Calls the addresses of an ended task, as often as its faults say, and records each attempt. */
export async function sendCallbacks(desk: Desk, task: Task, closing: AbortSignal): Promise<void> {
  const has = (fault: CallbackFault) => task.callbackFaults.includes(fault);
  const { attempts, callbackSkipped } = desk.state.dealings(task.id);
  const first = attempts.length === 0 && !callbackSkipped;
  // A resend of a lost one arrives.
  if (has('callback-lost') && first) return desk.record({ type: 'callback-skipped', id: task.id });
  const calls = await callsOf(desk, task);
  for (let copy = 0; copy < (has('callback-tripled') && first ? 3 : 1); copy++) {
    for (const call of calls) {
      const attempt = await callOnce(desk, task, call, closing);
      // What was under way when the simulator ended is made again by the next one.
      if (closing.aborted) return;
      desk.record({ type: 'called-back', attempt });
    }
  }
}

interface CallbackCall {
  kind: CallbackAttempt['kind'];
  url: string;
  init: RequestInit;
}

async function callsOf(desk: Desk, task: Task): Promise<CallbackCall[]> {
  const ping = pingbackUrl(task);
  const post = postbackUrl(task);
  return [
    ...(ping === undefined
      ? []
      : [{ kind: 'pingback' as const, url: fill(ping, task), init: { method: 'GET' } }]),
    ...(post === undefined
      ? []
      : [{ kind: 'postback' as const, url: fill(post, task), init: await postOf(desk, task) }]),
  ];
}

/** The result as a GET has it, compressed; faults spoil body or headers. */
async function postOf(desk: Desk, task: Task): Promise<RequestInit> {
  const has = (fault: CallbackFault) => task.callbackFaults.includes(fault);
  const path = familyOf(task.family).path;
  const variant = variantOf(task);
  const entry = finishedEntry(desk, task, variant, `v3/${path}/task_get/${variant}/${task.id}`);
  const padding = has('postback-huge') ? { padding: 'x'.repeat(desk.knobs.hugeBytes) } : {};
  const text = has('postback-not-json')
    ? '<html>no JSON'
    : JSON.stringify({ ...envelope([entry]), ...padding });
  const headers = { 'content-type': 'application/json' };
  if (has('postback-not-gzip')) return { method: 'POST', headers, body: text };
  // Copied, because a request takes no buffer that may be shared.
  const body = new Uint8Array(await compress(text, { level: 1 }));
  return {
    method: 'POST',
    headers: { ...headers, ...(!has('postback-no-encoding') && { 'content-encoding': 'gzip' }) },
    body,
  };
}

function variantOf(task: Task): Variant {
  const { postback_data: asked } = task.data;
  return familyOf(task.family).variants.find((variant) => variant === asked) ?? 'advanced';
}

async function callOnce(
  { clock, knobs }: Desk,
  task: Task,
  { kind, url, init }: CallbackCall,
  closing: AbortSignal,
): Promise<CallbackAttempt> {
  const startedMs = Date.now();
  const told = { httpCode: 0, response: '' };
  try {
    const signal = AbortSignal.any([AbortSignal.timeout(knobs.callbackTimeoutMs), closing]);
    const response = await fetch(url, { ...init, redirect: 'manual', signal });
    told.httpCode = response.status;
    told.response = (await response.text()).slice(0, 200);
  } catch (error) {
    told.response = error instanceof Error ? error.message : 'no answer';
  }
  // "Less than 200 or higher than 300": 300 itself is a success.
  const ok = told.httpCode >= 200 && told.httpCode <= 300;
  return { id: task.id, kind, atMs: clock.nowMs(), ok, ...told, httpTimeMs: Date.now() - startedMs, url };
}

/** Puts id and tag into an address, and escapes what the vendor escapes. */
function fill(url: string, task: Task): string {
  const filled = url
    .replaceAll('#', '%23')
    .replaceAll('$id', () => task.id)
    .replaceAll('$tag', () => encodeURIComponent(task.tag));
  return new URL(filled).href;
}
