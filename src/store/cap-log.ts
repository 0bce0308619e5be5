import { z } from 'zod';
import type { CapLine, CapMonth, CapSums, CapUse } from '../contracts/caps.ts';
import { parseStored, toJson } from './json-objects.ts';
import type { Place } from './json-objects.ts';
import type { ObjectStore } from './object-store.ts';
import { chargeSchema, scrapeRefSchema } from './scrape-schemas.ts';
import type { CapLog } from './store.ts';

const REMEDY =
  'It says what the account has spent of its cap: restore it from a backup, or take the cap out of config.json.';

const sumsSchema = z.looseObject({
  reserved: chargeSchema,
  charged: chargeSchema,
  possiblySpent: chargeSchema,
  refundExpected: chargeSchema,
  unreserved: chargeSchema.optional(),
}) satisfies z.ZodType<CapSums>;

const useSchema = z.looseObject({
  scrapeId: z.string(),
  n: z.number().int().positive(),
  try: z.number().int().positive(),
  ref: scrapeRefSchema,
  fingerprint: z.string(),
  bound: chargeSchema,
}) satisfies z.ZodType<CapUse>;

const lineSchema: z.ZodType<CapLine> = z.looseObject({
  n: z.number().int().positive(),
  day: z.string(),
  at: z.string(),
  nonce: z.string(),
  uses: z.array(useSchema),
  settled: z.array(
    z.looseObject({
      line: z.number().int().positive(),
      index: z.number().int().nonnegative(),
      charge: chargeSchema,
      doubtful: z.boolean().optional(),
    }),
  ),
  totals: z.looseObject({ month: sumsSchema, days: z.record(z.string(), sumsSchema) }),
  openFrom: z.number().int().positive(),
});

/**
 * What accounts with a cap have reserved, as objects `caps/<provider>/<account>/<month>/000001.json` and so on, each created
 * exclusively with the totals up to it: of any number of processes one writes the next line, and the others read it.
 */
export function createCapLog(objects: ObjectStore): CapLog {
  const parse = (key: string, body: Uint8Array): CapLine => {
    const place: Place = { location: objects.location, key, remedy: REMEDY };
    return parseStored(lineSchema, body, place);
  };
  return {
    async read(where, n) {
      const key = keyOf(where, n);
      const body = await objects.get(key);
      return body && parse(key, body);
    },
    async append(where, line) {
      const key = keyOf(where, line.n);
      const made = await objects.createExclusive(key, toJson(line));
      return made.created ? line : parse(key, made.existing);
    },
  };
}

function keyOf({ provider, account, month }: CapMonth, n: number): string {
  return `caps/${provider}/${account}/${month}/${String(n).padStart(6, '0')}.json`;
}
