import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono, type Context } from 'hono';
import { problem } from './reply.ts';
import { hungUp, pause, sendReply, type Env } from './send-reply.ts';
import type { Simulation } from './simulation.ts';
import type { SyncRun } from './sync.ts';
import type { PaidCall } from './world.ts';

/** The provider's three routes, and its answer to every other method. */
export function vendorRoutes(simulation: Simulation): Hono<Env> {
  const app = new Hono<Env>();
  const count = (route: string) => simulation.traffic.count(route);

  app.post('/scrapers/:scraper/jobs', async (c) => {
    count('POST /scrapers/{scraper}/jobs');
    simulation.traffic.submitStarted(simulation.clock.wallMs());
    try {
      return await sendReply(c, simulation.submit(paidCall(c, c.req.param('scraper'))));
    } finally {
      simulation.traffic.submitEnded();
    }
  });

  app.get('/scrapers/:scraper', async (c) => {
    count('GET /scrapers/{scraper}');
    simulation.traffic.submits.add(simulation.clock.wallMs());
    const run = simulation.beginSync(paidCall(c, c.req.param('scraper')));
    const held = await hold(simulation, run, c);
    return held ? await sendReply(c, run.finish()) : RESPONSE_ALREADY_SENT;
  });

  app.get('/jobs/:jobId', async (c) => {
    count('GET /jobs/{job_id}');
    return sendReply(c, simulation.poll(c.req.param('jobId')));
  });

  // Nothing can be cancelled or changed.
  app.delete('*', (c) => sendReply(c, problem(405, 'Method Not Allowed')));
  for (const path of ['/scrapers/:scraper/jobs', '/scrapers/:scraper', '/jobs/:jobId']) {
    app.all(path, (c) => sendReply(c, problem(405, 'Method Not Allowed')));
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
