import { z } from 'zod';
import type { Failure } from '../contracts/failures.ts';
import { FINAL_FAILURES, RETRYABLE_FAILURES } from '../contracts/failures.ts';
import type { Charge } from '../contracts/money.ts';
import { OUTCOMES } from '../contracts/outcomes.ts';
import type {
  Params,
  ResultRef,
  ScrapeInput,
  ScrapeRecord,
  ScrapeRef,
  StoredVariant,
} from '../contracts/scrape.ts';
import { SCRAPERS } from '../contracts/scrapers.ts';

// Schemas of what the store reads back. Fields that they do not know are kept: a newer version may have written them.

const amount = z.number().int().nonnegative().optional();
export const chargeSchema = z.looseObject({ credits: amount, usdMicros: amount }) satisfies z.ZodType<Charge>;

export const scraperSchema = z.enum(SCRAPERS);
export const paramsSchema = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean()]),
) satisfies z.ZodType<Params>;

const refShape = {
  scrapeId: z.string(),
  scraper: scraperSchema,
  market: z.string(),
  account: z.string(),
  label: z.string().optional(),
  batchId: z.string().optional(),
  item: z.string().optional(),
  sample: z.number().optional(),
};
export const scrapeRefSchema = z.looseObject(refShape) satisfies z.ZodType<ScrapeRef>;

export const failureSchema = z.looseObject({
  type: z.enum([...FINAL_FAILURES, ...RETRYABLE_FAILURES, 'Cancelled', 'Terminated']),
  message: z.string(),
}) satisfies z.ZodType<Failure>;

export const resultRefSchema = z.looseObject({
  path: z.string(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string(),
  normalized: z.boolean(),
  answerPath: z.string().optional(),
  instead: z.looseObject({ variant: z.string(), why: z.string() }).optional(),
  variants: z
    .array(
      z.looseObject({
        variant: z.string(),
        path: z.string(),
        bytes: z.number().int().nonnegative(),
        sha256: z.string(),
      }) satisfies z.ZodType<StoredVariant>,
    )
    .optional(),
}) satisfies z.ZodType<ResultRef>;

export const scrapeRecordSchema = z.looseObject({
  ...refShape,
  outcome: z.enum(OUTCOMES),
  submissions: z.number().int().nonnegative(),
  charge: chargeSchema,
  possiblySpent: chargeSchema,
  refundExpected: chargeSchema,
  begunAt: z.string().optional(),
  submittedAt: z.string().optional(),
  readyAt: z.string().optional(),
  collectedAt: z.string().optional(),
  result: resultRefSchema.optional(),
  failure: failureSchema.optional(),
  simulated: z.boolean(),
}) satisfies z.ZodType<ScrapeRecord>;

export const scrapeInputSchema = z.looseObject({
  scraper: z.string(),
  prompt: z.string(),
  market: z.string().optional(),
  params: paramsSchema.optional(),
  account: z.string().optional(),
  label: z.string().optional(),
  batchId: z.string().optional(),
  item: z.string().optional(),
  sample: z.number().optional(),
  maxSubmissions: z.number().optional(),
  onUnknown: z.enum(['fail', 'resubmit']).optional(),
  maxCredits: z.number().optional(),
  maxUsd: z.number().optional(),
}) satisfies z.ZodType<ScrapeInput>;
