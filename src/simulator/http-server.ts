import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { controlRoutes } from './control-routes.ts';
import { CallbackRunner } from './dataforseo/callback-runner.ts';
import { dataForSeoControlRoutes } from './dataforseo/control-routes.ts';
import { dataForSeoRoutes } from './dataforseo/routes.ts';
import type { Simulation } from './simulation.ts';
import { vendorRoutes } from './vendor-routes.ts';

/** Prompts travel in the URL: 4,000 code points of four bytes are 48,000 characters there, and Node stops at 16 KiB. */
const MAX_HEADER_BYTES = 256 * 1024;

/** Serves a simulation on loopback; port 0 takes a free one. */
export async function listen(
  simulation: Simulation,
  port: number,
): Promise<{ port: number; close: () => Promise<void> }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  // Every answer carries the simulator's time, refusals and errors too.
  app.use(async (c, next) => {
    await next();
    c.header('Date', new Date(simulation.clock.nowMs()).toUTCString());
  });
  const callbacks = new CallbackRunner(simulation.dataforseo);
  const stopListening = simulation.onTimeShift(() => callbacks.rearm());
  app.route('/__sim/dataforseo', dataForSeoControlRoutes(simulation.dataforseo));
  app.route('/__sim', controlRoutes(simulation));
  app.route('/v3', dataForSeoRoutes(simulation.dataforseo, callbacks));
  app.route('/', vendorRoutes(simulation));
  app.notFound((c) => c.json({ detail: 'Not Found' }, 404));
  app.onError((error, c) => c.json({ detail: `simulator error: ${error.message}` }, 500));
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: { maxHeaderSize: MAX_HEADER_BYTES },
  });
  if (!(server instanceof Server)) throw new Error('the simulator speaks HTTP/1.1');
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  // A server that listens on a TCP port has an address of this type.
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        stopListening();
        callbacks.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
