import { Agent, Client } from 'undici';
import type { Dispatcher } from 'undici';
import { decodeBody } from './decode-body.ts';
import { hideTokens } from './hide-tokens.ts';
import type { HttpReply, HttpRequest } from './provider.ts';

/** The one way out: sends a request once, never retries, never follows a redirect, never throws for network matters. */
export interface Http {
  send(request: HttpRequest, options: SendOptions): Promise<HttpOutcome>;
  close(): Promise<void>;
}

export interface SendOptions {
  /** One deadline over waiting for a connection, connecting, sending and reading the whole answer. */
  timeoutMs: number;
  /** A connection of its own, closed afterwards: on a kept one nobody can tell a request that was lost from one not sent. */
  fresh: boolean;
  /** Largest body taken, unpacked. Default 64 MiB. */
  maxBodyBytes?: number;
  signal?: AbortSignal;
  /** Asked once the connection stands and nothing is written to it yet; a reason that it returns stops the request. */
  stillAllowed?: () => string | undefined;
}

/**
 * `not-sent`: not one byte of the request was written. `lost`: it was begun, and no complete answer came. Messages name
 * method, origin and path; never the query, which holds the prompt, and never a header.
 */
export type HttpOutcome =
  | { kind: 'reply'; reply: HttpReply }
  | { kind: 'not-sent'; message: string }
  | { kind: 'lost'; message: string };

const MAX_BODY_BYTES = 64 * 1024 * 1024;

// Our own deadline covers these phases; undici's would only add a second, shorter one.
const NO_OWN_TIMEOUTS = { headersTimeout: 0, bodyTimeout: 0 };

/** Makes the transport; `close` it before the process ends. */
export function createHttp(): Http {
  const kept = new Agent(NO_OWN_TIMEOUTS);
  return {
    send: (request, options) =>
      options.fresh ? sendFresh(request, options) : sendOn(kept, request, options),
    close: () => kept.close(),
  };
}

async function sendFresh(request: HttpRequest, options: SendOptions): Promise<HttpOutcome> {
  let client: Client;
  try {
    // Pipelining 0 turns keep-alive off, so the server is told to close too.
    const connect = { timeout: options.timeoutMs };
    client = new Client(new URL(request.url).origin, { ...NO_OWN_TIMEOUTS, pipelining: 0, connect });
  } catch (error) {
    return { kind: 'not-sent', message: `${nameOf(request)}: ${textOf(error)}` };
  }
  try {
    return await sendOn(client, request, options);
  } finally {
    await client.destroy();
  }
}

type Phase = 'connecting' | 'waiting for the answer' | 'reading the answer';

async function sendOn(via: Dispatcher, request: HttpRequest, options: SendOptions): Promise<HttpOutcome> {
  let phase: Phase = 'connecting';
  const stop = new AbortController();
  const halt = (why: string) => stop.abort(new Error(`${why} while ${phase}`));
  const onAbort = () => halt('stopped by the caller');
  const timer = setTimeout(() => halt(`timed out after ${options.timeoutMs} ms`), options.timeoutMs);
  options.signal?.addEventListener('abort', onAbort);
  if (options.signal?.aborted) onAbort();
  const begin = (): string | undefined => {
    // Nothing is written once the outcome is told.
    if (stop.signal.aborted) return 'stopped';
    // Undici may queue a request again whose connection went away; a purchase is never written twice.
    if (phase !== 'connecting') return 'the connection went away';
    const reason = options.stillAllowed?.();
    if (reason === undefined) phase = 'waiting for the answer';
    return reason;
  };
  try {
    const url = new URL(request.url);
    const call = via.compose(askFirst(begin)).request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: request.method,
      headers: { 'accept-encoding': 'gzip', ...request.headers },
      body: request.body ?? null,
      signal: stop.signal,
    });
    const answer = await Promise.race([call, rejectOn(stop.signal)]);
    phase = 'reading the answer';
    const headers = flatHeaders(answer.headers);
    const maxBytes = options.maxBodyBytes ?? MAX_BODY_BYTES;
    const raw = await readAll(answer.body, maxBytes);
    const body = await decodeBody(raw, headers['content-encoding'], maxBytes);
    const date = Date.parse(headers['date'] ?? '');
    const serverTimeMs = Number.isNaN(date) ? Date.now() : date;
    return { kind: 'reply', reply: { status: answer.statusCode, headers, body, serverTimeMs } };
  } catch (error) {
    const message = `${nameOf(request)}: ${textOf(stop.signal.aborted ? stop.signal.reason : error)}`;
    return { kind: hasBegun(phase) ? 'lost' : 'not-sent', message };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
  }
}

// A function, because the compiler does not see that `begin` changes the phase.
function hasBegun(phase: Phase): boolean {
  return phase !== 'connecting';
}

/** Undici looks at the signal only once a connection stands, which may take longer than the deadline allows. */
function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
  });
}

/** Undici calls `onRequestStart` on an established connection right before it writes the first byte. */
function askFirst(begin: () => string | undefined): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart(controller, context) {
        const reason = begin();
        handler.onRequestStart?.(controller, context);
        if (reason !== undefined) controller.abort(new Error(reason));
      },
      onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
      onResponseStart: (...args) => handler.onResponseStart?.(...args),
      onResponseData: (...args) => handler.onResponseData?.(...args),
      onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
      onResponseError: (...args) => handler.onResponseError?.(...args),
    });
}

/** Leaving the loop early destroys the body and with it the connection. */
async function readAll(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Error(`the body is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function flatHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

function nameOf(request: HttpRequest): string {
  if (!URL.canParse(request.url)) return `${request.method} to a malformed address`;
  const { origin, pathname } = new URL(request.url);
  return `${request.method} ${origin}${hideTokens(pathname)}`;
}

function textOf(error: unknown): string {
  // Several addresses tried: the errors say the same of each.
  if (error instanceof AggregateError && error.errors.length > 0) return textOf(error.errors[0]);
  if (!(error instanceof Error)) return 'unknown error';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const message = error.message.replace(/\s+/g, ' ').trim();
  return code === '' || message.includes(code) ? message : `${message} (${code})`;
}
