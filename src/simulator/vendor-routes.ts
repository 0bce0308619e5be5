import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono, type Context } from 'hono';
import { setTimeout as sleep } from 'node:timers/promises';
import { problem, type Reply } from './reply.ts';
import type { Simulation } from './simulation.ts';
import type { SyncRun } from './sync.ts';
import type { PaidCall } from './world.ts';

type Env = { Bindings: HttpBindings };

/** The provider's three routes, and its answer to every other method. */
export function vendorRoutes(simulation: Simulation): Hono<Env> {
  const app = new Hono<Env>();
  const count = (route: string) => simulation.traffic.count(route);

  app.post('/scrapers/:scraper/jobs', async (c) => {
    count('POST /scrapers/{scraper}/jobs');
    simulation.traffic.submitStarted(simulation.clock.wallMs());
    try {
      return await send(c, simulation.submit(paidCall(c, c.req.param('scraper'))));
    } finally {
      simulation.traffic.submitEnded();
    }
  });

  app.get('/scrapers/:scraper', async (c) => {
    count('GET /scrapers/{scraper}');
    simulation.traffic.submits.add(simulation.clock.wallMs());
    const run = simulation.beginSync(paidCall(c, c.req.param('scraper')));
    const held = await hold(simulation, run, c);
    return held ? await send(c, run.finish()) : RESPONSE_ALREADY_SENT;
  });

  app.get('/jobs/:jobId', async (c) => {
    count('GET /jobs/{job_id}');
    return send(c, simulation.poll(c.req.param('jobId')));
  });

  // Nothing can be cancelled or changed.
  app.delete('*', (c) => send(c, problem(405, 'Method Not Allowed')));
  for (const path of ['/scrapers/:scraper/jobs', '/scrapers/:scraper', '/jobs/:jobId']) {
    app.all(path, (c) => send(c, problem(405, 'Method Not Allowed')));
  }
  return app;
}

/** The key comes by header or, as documented too, by query parameter. */
function paidCall(c: Context<Env>, scraper: string): PaidCall {
  const { api_key: keyInQuery, ...query } = c.req.query();
  return { apiKey: c.req.header('x-api-key') ?? keyInQuery, scraper, query };
}

/** Waits until a sync call is due, earlier if control moves the clock; false if the client went away. */
async function hold(simulation: Simulation, run: SyncRun, c: Context<Env>): Promise<boolean> {
  const gone = hungUp(c);
  for (;;) {
    const waitMs = run.readyAtMs - simulation.clock.nowMs();
    if (gone.aborted) return false;
    if (waitMs <= 0) return true;
    const shifted = new AbortController();
    const stopListening = simulation.onTimeShift(() => shifted.abort());
    await pause(waitMs, AbortSignal.any([gone, shifted.signal]));
    stopListening();
  }
}

async function send(c: Context<Env>, reply: Reply): Promise<Response> {
  if (reply.reset === true) {
    c.env.incoming.socket.resetAndDestroy();
    return RESPONSE_ALREADY_SENT;
  }
  if (reply.delayMs) await pause(reply.delayMs, hungUp(c));
  const body = reply.contentType === undefined ? JSON.stringify(reply.body) : String(reply.body);
  return new Response(body, {
    status: reply.status,
    headers: { 'content-type': reply.contentType ?? 'application/json', ...reply.headers },
  });
}

/** Aborts when the client hangs up. */
function hungUp(c: Context<Env>): AbortSignal {
  const gone = new AbortController();
  c.env.outgoing.once('close', () => gone.abort());
  return gone.signal;
}

/** The longest that a timer of Node waits; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Real time, because a slow answer is slow for the client's own clock. */
async function pause(ms: number, until: AbortSignal): Promise<void> {
  await sleep(Math.min(Math.ceil(ms), MAX_TIMER_MS), undefined, { signal: until }).catch(() => undefined);
}
