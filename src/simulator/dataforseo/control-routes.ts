import { Hono } from 'hono';
import { z } from 'zod';
import { command } from '../control-routes.ts';
import type { Env } from '../send-reply.ts';
import { type DataForSeo } from './dataforseo.ts';
import { FAMILIES } from './families.ts';
import { dataForSeoScriptSchema } from './faults.ts';
import { dataForSeoKnobsPatchSchema } from './knobs.ts';
import { SIMULATOR_LOGIN } from '../../contracts/simulator-credentials.ts';

const fundSchema = z.strictObject({ login: z.string().min(1), micros: z.number().int() });
const readySchema = z.strictObject({ id: z.string().optional(), tag: z.string().optional() });
const fixSchema = z.strictObject({ id: z.string() });
const foreignSchema = z.strictObject({
  family: z.enum(FAMILIES.map((family) => family.name)),
  count: z.number().int().min(1).max(1_000_000),
  durationMs: z.number().min(0).default(0),
  inFront: z.boolean().default(false),
  tagPrefix: z.string().max(200).default('foreign/'),
  login: z.string().min(1).default(SIMULATOR_LOGIN),
});

/** What tests, benches and the demo turn of the simulated DataForSEO; the vendor has nothing of it. */
export function dataForSeoControlRoutes(dataforseo: DataForSeo): Hono<Env> {
  const app = new Hono<Env>();
  app.get('/state', (c) => c.json(dataforseo.summary()));
  app.get('/ledger', (c) => {
    const { tag, keyword, family, foreign } = c.req.query();
    return c.json(dataforseo.ledger({ tag, keyword, family, foreign: foreign === 'true' }));
  });
  app.get('/calls', (c) => c.json({ calls: dataforseo.traffic.calls }));
  app.post('/knobs', (c) => command(c, dataForSeoKnobsPatchSchema, (patch) => dataforseo.setKnobs(patch)));
  app.post('/script', (c) =>
    command(c, dataForSeoScriptSchema, (script) => {
      dataforseo.scripts.set(script);
      return dataforseo.scripts.remaining();
    }),
  );
  app.post('/fund', (c) =>
    command(c, fundSchema, ({ login, micros }) => ({ balance: dataforseo.fund(login, micros) })),
  );
  app.post('/ready', (c) => command(c, readySchema, (which) => ({ ids: dataforseo.ready(which) })));
  app.post('/foreign', (c) =>
    command(c, foreignSchema, (order) => {
      dataforseo.postForeign(order);
      return { count: order.count };
    }),
  );
  app.post('/fix', (c) => command(c, fixSchema, ({ id }) => ({ fixed: dataforseo.fix(id) })));
  return app;
}
