import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Sweep, SweptPurchase } from '../contracts/sweep.ts';
import { compress, decompress, parseStored, toJson } from './json-objects.ts';
import type { Place } from './json-objects.ts';
import type { ObjectStore } from './object-store.ts';
import { chargeSchema } from './scrape-schemas.ts';
import type { Sweeps } from './store.ts';

const REMEDY = 'Delete it: the next search writes another one.';

const purchaseSchema = z.looseObject({
  taskId: z.string(),
  postedAt: z.string(),
  charge: chargeSchema,
  ended: z.literal(true).optional(),
}) satisfies z.ZodType<SweptPurchase>;

const sweepSchema = z.looseObject({
  provider: z.string(),
  account: z.string(),
  endpoint: z.string(),
  owner: z.string().optional(),
  family: z.string(),
  from: z.string(),
  to: z.string(),
  begunAt: z.string(),
  clockOffsetMs: z.number(),
  complete: z.boolean(),
  listed: z.literal(true).optional(),
  buyerOffMs: z.number().optional(),
  newestOwn: z.string().optional(),
  unmarked: z.looseObject({ from: z.string(), to: z.string() }).optional(),
  own: z.record(z.string(), z.array(purchaseSchema)),
}) satisfies z.ZodType<Sweep>;

/**
 * Sweeps as objects: `sweeps/<provider>/<account>/<family>/<begun at>-<random>.json.gz`, created once each. A kill leaves
 * an object absent or whole; an absent one proves nothing, and the next sweep is another one.
 */
export function createSweeps(objects: ObjectStore): Sweeps {
  /** Thousands may wait for the same searches, and ask again and again; what is written never changes. */
  const known = new Map<string, Sweep>();

  async function read(key: string): Promise<Sweep | undefined> {
    const kept = known.get(key);
    if (kept) return kept;
    const place: Place = { location: objects.location, key, remedy: REMEDY };
    const body = await objects.get(key);
    if (!body) return undefined;
    const sweep = parseStored(sweepSchema, await decompress(body, place), place);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(key, sweep);
    return sweep;
  }

  return {
    async write(sweep) {
      const time = sweep.begunAt.replaceAll(':', '-');
      const key = `${folderOf(sweep)}/${time}-${randomBytes(4).toString('hex')}.json.gz`;
      await objects.createExclusive(key, await compress(toJson(sweep)));
    },

    async readSince(where, sinceMs) {
      const keys = await objects.list(`${folderOf(where)}/`);
      const sweeps: Sweep[] = [];
      for (const key of keys.toReversed()) {
        if (beginOf(key) < sinceMs) break; // keys sort by time
        const sweep = await read(key);
        if (sweep) sweeps.push(sweep);
      }
      return sweeps;
    },
  };
}

/** A day of searches at the usual pace is some hundred. */
const MAX_KNOWN = 200;

function folderOf({ provider, account, family }: Pick<Sweep, 'provider' | 'account' | 'family'>): string {
  return `sweeps/${provider}/${account}/${family}`;
}

/** Milliseconds since the epoch of `2026-01-02T03-04-05.000Z-0123abcd.json.gz`; NaN, which is before nothing, of others. */
function beginOf(key: string): number {
  const match = /\/(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-([\d.]+Z)-[0-9a-f]+\.json\.gz$/.exec(key);
  return match ? Date.parse(`${match[1]}${match[2]}:${match[3]}:${match[4]}`) : Number.NaN;
}
