import { z } from 'zod';
import type { BatchRecord, Manifest } from '../contracts/batch.ts';
import type { Counts } from '../contracts/outcomes.ts';
import { chargeSchema, scrapeInputSchema } from './scrape-schemas.ts';
import type { StoredPage } from './store.ts';

const count = z.number().int().nonnegative();

export const manifestSchema = z.looseObject({
  batchId: z.string(),
  fingerprint: z.string(),
  createdAt: z.string(),
  simulated: z.boolean(),
  pages: count,
  total: count,
  bound: chargeSchema,
}) satisfies z.ZodType<Manifest>;

export const pageSchema = z.array(
  z.looseObject({ scrapeId: z.string(), input: scrapeInputSchema, bound: chargeSchema }),
) satisfies z.ZodType<StoredPage>;

const countsSchema = z.looseObject({
  done: count,
  empty: count,
  failed: count,
  expired: count,
  unknown: count,
  cancelled: count,
  refused: count,
  open: count,
}) satisfies z.ZodType<Counts>;

export const batchRecordSchema = z.looseObject({
  batchId: z.string(),
  total: count,
  counts: countsSchema,
  charge: chargeSchema,
  possiblySpent: chargeSchema,
  refundExpected: chargeSchema,
  ceiling: chargeSchema.optional(),
  maxCharge: z.string().optional(),
  startedAt: z.string(),
  endedAt: z.string(),
  simulated: z.boolean(),
  retries: z.number().int().positive().optional(),
}) satisfies z.ZodType<BatchRecord>;
