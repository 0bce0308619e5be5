import type { HttpBindings } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { vendorTime } from './clock.ts';
import { VARIANTS } from './dataforseo/families.ts';
import { scriptSchema } from './faults.ts';
import { knobsPatchSchema } from './knobs.ts';
import type { Simulation } from './simulation.ts';

const clockSchema = z.strictObject({ advanceMs: z.number().min(0) });
const fundSchema = z.strictObject({ key: z.string().min(1), credits: z.number().int() });
const resetSchema = z.strictObject({ seed: z.union([z.string(), z.number()]).transform(String) });
const variantSchema = z.enum(VARIANTS).default('advanced');
const readySchema = z.strictObject({ jobId: z.string().optional() });

/** What tests, benches and the demo turn; no provider has it, and it is served on loopback only. */
export function controlRoutes(simulation: Simulation): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.get('/state', (c) => c.json(simulation.summary()));
  app.get('/ledger', (c) => c.json(simulation.ledger(c.req.query('prompt'))));
  app.get('/results/:id', (c) => {
    const variant = variantSchema.safeParse(c.req.query('variant'));
    if (!variant.success) return c.json({ detail: 'no such variant' }, 400);
    const result = simulation.result(c.req.param('id'), variant.data);
    return result === undefined ? c.json({ detail: 'there is no result' }, 404) : c.json({ result });
  });
  app.get('/faults', (c) => c.json({ faults: simulation.faults() }));
  app.post('/clock', (c) =>
    command(c, clockSchema, ({ advanceMs }) => {
      simulation.advance(advanceMs);
      return { now: vendorTime(simulation.clock.nowMs()) };
    }),
  );
  app.post('/knobs', (c) => command(c, knobsPatchSchema, (patch) => simulation.setKnobs(patch)));
  app.post('/script', (c) =>
    command(c, scriptSchema, (script) => {
      simulation.script(script);
      return simulation.scripts.remaining();
    }),
  );
  app.post('/fund', (c) =>
    command(c, fundSchema, ({ key, credits }) => {
      simulation.fund(key, credits);
      return { balance: simulation.state.balance(key, simulation.clock.nowMs()) };
    }),
  );
  app.post('/reset', (c) =>
    command(c, resetSchema, ({ seed }) => {
      simulation.reset(seed);
      return { seed };
    }),
  );
  app.post('/ready', (c) => command(c, readySchema, ({ jobId }) => ({ jobIds: simulation.ready(jobId) })));
  return app;
}

/** Parses a body and runs a command with it; an empty body is an empty object. */
export async function command<T>(
  c: Context,
  schema: z.ZodType<T>,
  run: (input: T) => object,
): Promise<Response> {
  const text = await c.req.text();
  const parsed = schema.safeParse(text === '' ? {} : parseJson(text));
  if (!parsed.success) return c.json({ detail: z.prettifyError(parsed.error) }, 400);
  return c.json(run(parsed.data));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
