import { parseJson } from '../parse-json.ts';
import type { BoughtTask, CheckAnswer, HttpReply } from '../provider.ts';
import { codeRow, isLasting } from './codes.ts';
import { isEmptyResult, payloadOf } from './result.ts';
import { codeTrouble, httpTrouble, sayCode } from './trouble.ts';
import { parseTime, readEnvelope } from './wire.ts';
import type { Envelope, WireTask } from './wire.ts';

/**
 * Reads the answer to a look at a task. Collecting is free, and what a reply says of cost is not added to anything: some
 * echo the price of the purchase, some say 0.
 */
export function readCheck(reply: HttpReply, task: BoughtTask): CheckAnswer {
  const envelope = readEnvelope(parseJson(reply.body));
  if (!envelope) return httpTrouble(reply);
  const entry = envelope.tasks[0];
  // What the call says of itself is nothing that it says of the task.
  if (entry && entry.status_code === undefined) return withoutCode(reply, envelope);
  const code = entry?.status_code ?? envelope.code;
  const words = entry?.status_message ?? envelope.message;
  const { check } = codeRow(code);
  switch (check) {
    case 'pending':
      return { kind: 'pending' };
    // An unknown task may be named by another id, or by none.
    case 'missing':
      return { kind: 'missing', message: sayCode(code, words) };
    case 'unavailable':
      return { ...codeTrouble(reply, code, words), ...(isLasting(code) && { lasting: true }) };
    case 'ready':
    case 'empty':
    case 'failed':
      break;
  }
  if (!entry || !isAbout(entry, task)) {
    return { kind: 'unavailable', message: 'DataForSEO answered with another task than the one asked for' };
  }
  if (check === 'failed') {
    // 40101 stays billed (help center); whether 40103 is given back, nobody says.
    return { kind: 'failed', message: sayCode(code, words), refundExpected: false, resubmit: true };
  }
  const empty = check === 'empty' || isEmptyResult(entry.result, task.scraper, task.variant);
  const readyAt = parseTime(payloadOf(entry.result)?.['datetime']);
  return { kind: 'ready', empty, ...(readyAt !== undefined && { readyAt: new Date(readyAt).toISOString() }) };
}

function withoutCode(reply: HttpReply, { code, message }: Envelope): CheckAnswer {
  if (code !== 20000) return codeTrouble(reply, code, message);
  return { kind: 'unavailable', message: 'DataForSEO answered without saying how the task stands' };
}

/** By its id, or by the address that it was asked for at. */
function isAbout({ id, path }: WireTask, { taskId }: BoughtTask): boolean {
  return (id || path?.at(-1) || '').toLowerCase() === taskId.toLowerCase();
}
