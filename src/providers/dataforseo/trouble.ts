import type { RefusalReason } from '../../contracts/journal.ts';
import { hideTokens } from '../hide-tokens.ts';
import { parseJson } from '../parse-json.ts';
import type { HttpReply } from '../provider.ts';
import { retryAfterMs } from '../retry-after.ts';
import { codeRow } from './codes.ts';
import { readEnvelope } from './wire.ts';
import type { WireTask } from './wire.ts';

/** What a reply says that is not what was asked for. */
export interface Trouble {
  kind: 'unavailable';
  message: string;
  reason?: RefusalReason;
  retryAfterMs?: number;
}

/** "Always 200 except 401, 402, 404, 500" (appendix/errors). These three cannot have bought anything. */
export const HTTP_REFUSALS: Readonly<Record<number, RefusalReason>> = {
  401: 'auth',
  402: 'no-funds',
  404: 'rejected',
};

/**
 * The first task of a free call that succeeded on all three layers (HTTP, call, task), or what kept it from that.
 */
export function readFree(reply: HttpReply): { kind: 'ok'; task: WireTask } | Trouble {
  const envelope = readEnvelope(parseJson(reply.body));
  if (!envelope) return httpTrouble(reply);
  const task = envelope.tasks[0];
  if (envelope.code !== 20000) return codeTrouble(reply, envelope.code, envelope.message);
  if (task?.status_code === undefined) {
    return { kind: 'unavailable', message: 'DataForSEO answered without a task' };
  }
  if (task.status_code !== 20000) return codeTrouble(reply, task.status_code, task.status_message ?? '');
  return { kind: 'ok', task };
}

/** A reply that is not the vendor's own JSON. */
export function httpTrouble(reply: HttpReply): Trouble {
  const reason = reply.status === 404 ? undefined : HTTP_REFUSALS[reply.status];
  return withWait(reply, {
    kind: 'unavailable',
    message: `DataForSEO answered ${reply.status} without its own JSON`,
    ...(reason && { reason }),
  });
}

/** A code that is about the call or the account, in the vendor's words and ours. */
export function codeTrouble(reply: HttpReply, code: number, message: string): Trouble {
  const { trouble } = codeRow(code);
  return withWait(
    reply,
    { kind: 'unavailable', message: sayCode(code, message), ...(trouble && { reason: trouble }) },
    code,
  );
}

/** "DataForSEO says 40202 (too many calls in this minute): …", one line, without what may be a key or an id. */
export function sayCode(code: number, message: string): string {
  const words = hideTokens(message.slice(0, 1_000)).replace(/\s+/g, ' ').trim().slice(0, 300);
  return `DataForSEO says ${code} (${codeRow(code).means})${words ? `: ${words}` : ''}`;
}

/** How long to wait after a code, milliseconds; no header is documented, so the code itself says it. */
export function waitAfter(reply: HttpReply, code?: number): number | undefined {
  const header = retryAfterMs(reply);
  if (header !== undefined) return header;
  // The limit counts calendar minutes; a second more, since clocks differ.
  if (code === 40202) return 61_000 - (reply.serverTimeMs % 60_000);
  if (code === 40209) return 5_000;
  return code === 50303 || code === 50304 ? 60_000 : undefined;
}

function withWait(reply: HttpReply, trouble: Trouble, code?: number): Trouble {
  const wait = waitAfter(reply, code);
  return wait === undefined ? trouble : { ...trouble, retryAfterMs: wait };
}
