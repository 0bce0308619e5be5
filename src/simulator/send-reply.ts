import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reply } from './reply.ts';

export type Env = { Bindings: HttpBindings };

/** Carries a reply out: resets the connection, waits, answers. */
export async function sendReply(c: Context<Env>, reply: Reply): Promise<Response> {
  if (reply.reset === true) {
    c.env.incoming.socket.resetAndDestroy();
    return RESPONSE_ALREADY_SENT;
  }
  if (reply.delayMs) await pause(reply.delayMs, hungUp(c));
  const body = reply.contentType === undefined ? JSON.stringify(reply.body) : rawBody(reply.body);
  return new Response(body, {
    status: reply.status,
    headers: { 'content-type': reply.contentType ?? 'application/json', ...reply.headers },
  });
}

/** Aborts when the client hangs up. */
export function hungUp(c: Context<Env>): AbortSignal {
  const gone = new AbortController();
  c.env.outgoing.once('close', () => gone.abort());
  return gone.signal;
}

/** The longest that a timer of Node waits; a longer one would fire at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** Real time, because a slow answer is slow for the client's own clock. */
export async function pause(ms: number, until: AbortSignal): Promise<void> {
  await sleep(Math.min(Math.ceil(ms), MAX_TIMER_MS), undefined, { signal: until }).catch(() => undefined);
}

function rawBody(body: unknown): string | Uint8Array<ArrayBuffer> {
  // Copied, because a response takes no buffer that may be shared.
  return body instanceof Uint8Array ? new Uint8Array(body) : String(body);
}
