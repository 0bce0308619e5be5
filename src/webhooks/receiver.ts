import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import { once } from 'node:events';
import { Server } from 'node:http';
import type { CallbackKind } from '../contracts/callbacks.ts';
import { StoreError } from '../store/store-error.ts';
import type { Store } from '../store/store.ts';
import { admit, forgetSettled, NO_SUCH_ADDRESS, type CallbackCall } from './admit.ts';
import { assertLength, BodyRefused, boundedBody } from './bounded-body.ts';
import type { CallbackUrls } from './callback-urls.ts';
import { createHinter, type SendHint } from './hinter.ts';
import { Slots } from './slots.ts';

export interface ReceiverOptions {
  store: Store;
  urls: CallbackUrls;
  sendHint: SendHint;
  /** Writes down that a submission of this scrape, which was taken for absent, was bought: its result is in the store now. */
  takeLate?: (scrapeId: string) => Promise<void>;
  /** 0: any free one. */
  port: number;
  /** Undefined: every address of this machine. */
  host?: string | undefined;
  /** Largest body, as it is sent. Default 64 MiB, the same as of a body that is fetched. */
  maxBytes?: number;
  /** From the first byte of a request to its last, milliseconds. Default 30 s; DataForSEO itself gives up after 10. */
  requestTimeoutMs?: number;
}

export interface Receiver {
  port: number;
  /** Takes no new calls, and waits for those under way. */
  close(): Promise<void>;
}

const MAX_BYTES = 64 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;

/** Bodies that are written at once: each holds a file open and some buffers. Others wait on their connections. */
const WRITES_AT_ONCE = 32;

/** More are turned away by Node; a process may open 1,024 files on many machines. */
const MAX_CONNECTIONS = 700;

/**
 * Listens for what providers post. A body is streamed to the store, then the answer is 2xx, then its scrape is told: if
 * the process dies before the answer, the provider counts the call as failed and lists the task; dies it after that, the
 * scrape finds the body at its next look. Everything wrong is answered with 4xx and changes nothing; a store that cannot
 * write makes a 503, so that the provider keeps the task in its list. Throws if the port is taken.
 */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const { requestTimeoutMs = REQUEST_TIMEOUT_MS, urls, port, host } = options;
  const { app, settled } = receiverApp(options);
  const root = new Hono<Env>();
  // A reverse proxy passes the path of the public address on, or takes it away.
  for (const path of new Set(['/', urls.basePath || '/'])) root.route(path, app);
  root.notFound((c) => c.text(`${NO_SUCH_ADDRESS.message}\n`, NO_SUCH_ADDRESS.status));
  root.onError(answerError);
  const server = createAdaptorServer({
    fetch: root.fetch,
    overrideGlobalObjects: false,
    serverOptions: {
      requestTimeout: requestTimeoutMs,
      headersTimeout: Math.min(requestTimeoutMs, 10_000),
      connectionsCheckingInterval: Math.min(requestTimeoutMs, 5_000),
    },
  });
  if (!(server instanceof Server)) throw new Error('the receiver speaks HTTP/1.1');
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(port, host);
  await once(server, 'listening'); // rejects with the server's error
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
      await settled();
    },
  };
}

interface Env {
  Bindings: HttpBindings;
}

function receiverApp(options: ReceiverOptions): { app: Hono<Env>; settled: () => Promise<void> } {
  const { store, urls, sendHint, takeLate, maxBytes = MAX_BYTES } = options;
  const hinter = createHinter(sendHint);
  const writes = new Slots(WRITES_AT_ONCE);

  async function take(c: Context<Env>, kind: CallbackKind): Promise<Response> {
    const call = callOf(c, kind);
    const admission = await admit(store, urls, call);
    if (admission.kind === 'refused') return c.text(`${admission.message}\n`, admission.status);
    if (admission.kind === 'settled') return c.text(SETTLED);
    if (kind === 'postback') {
      assertLength(c.req.header('content-length'), maxBytes);
      // Not destroyed with the iterator, or a body that is too large could not be answered.
      const body: AsyncIterable<Uint8Array> = c.env.incoming.iterator({ destroyOnReturn: false });
      const kept = await writes.use(() =>
        store.postbacks.write(call.tag, call.taskId, boundedBody(body, maxBytes)),
      );
      if (kept === 'full') return c.text('too many tasks were posted here\n', 409);
      if (await forgetSettled(store, call, admission)) return c.text(SETTLED);
      if (admission.isLate) await takeLate?.(admission.scrapeId);
    }
    hinter.hint(kind, admission.scrapeId, call.taskId);
    return c.text('thanks\n');
  }

  const app = new Hono<Env>();
  app.post('/postback/:tag/:token', (c) => take(c, 'postback'));
  app.get('/pingback/:tag/:token', (c) => take(c, 'pingback'));
  return { app, settled: () => hinter.close() };
}

const SETTLED = 'thanks, it is in already\n';

function callOf(c: Context<Env>, kind: CallbackKind): CallbackCall {
  const { tag = '', token = '' } = c.req.param() as Record<string, string>; // both routes have these two
  return { kind, tag, token, taskId: c.req.query('id') ?? '' };
}

/** Words never hold the address: its token is a secret. */
function answerError(error: Error, c: Context<Env>): Response {
  // What is left of the body is not waited for.
  c.header('connection', 'close');
  if (error instanceof BodyRefused) return c.text(`${error.message}\n`, error.status);
  if (error instanceof StoreError) return c.text('the store cannot take it now\n', 503);
  // The stream broke off; there is hardly anybody to hear this.
  return c.text('the body ended too early\n', 400);
}
