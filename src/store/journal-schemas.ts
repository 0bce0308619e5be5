import { z } from 'zod';
import type { Duplicate, Intent, Receipt, Refused, Unknown, Verdict } from '../contracts/journal.ts';
import { REFUSAL_REASONS } from '../contracts/journal.ts';
import type { PollPlan } from '../contracts/poll-plan.ts';
import type { ScrapeRequest } from '../contracts/scrape.ts';
import {
  chargeSchema,
  failureSchema,
  paramsSchema,
  resultRefSchema,
  scraperSchema,
  scrapeRefSchema,
} from './scrape-schemas.ts';

/** Every field has its form: an object that may hold more would let one pass that was forgotten here. */
type Fields<T> = Record<keyof T, z.ZodType>;

const ofSubmission = { scrapeId: z.string(), n: z.number().int().positive() };
const ofTry = { ...ofSubmission, try: z.number().int().positive() };

const requestSchema = z.looseObject({
  scraper: scraperSchema,
  prompt: z.string(),
  market: z.string(),
  params: paramsSchema,
}) satisfies z.ZodType<ScrapeRequest>;

const pollPlanSchema = z.looseObject({
  firstMs: z.number(),
  gapMs: z.number(),
  wideAfterMs: z.number(),
  wideGapMs: z.number(),
  retentionMs: z.number(),
  hinted: z.literal(true).optional(),
}) satisfies z.ZodType<PollPlan>;

export const intentSchema: z.ZodType<Intent> = z.looseObject({
  ...ofTry,
  tag: z.string(),
  fingerprint: z.string(),
  ref: scrapeRefSchema,
  request: requestSchema,
  account: z.string(),
  endpoint: z.string(),
  owner: z.string().optional(),
  bound: chargeSchema,
  nonce: z.string(),
  createdAt: z.string(),
  sendBy: z.string(),
  settledBy: z.string(),
  withdrawn: z.boolean().optional(),
  grant: z.string().optional(),
  retry: z.number().int().positive().optional(),
} satisfies Fields<Intent>);

export const refusedSchema: z.ZodType<Refused> = z.looseObject({
  ...ofTry,
  reason: z.enum(REFUSAL_REASONS),
  message: z.string(),
  at: z.string(),
  retryAfterMs: z.number().optional(),
} satisfies Fields<Refused>);

export const receiptSchema: z.ZodType<Receipt> = z.looseObject({
  ...ofTry,
  taskId: z.string().min(1),
  account: z.string(),
  endpoint: z.string(),
  charge: chargeSchema,
  listedAtEnd: z.literal(true).optional(),
  submittedAt: z.string(),
  plan: pollPlanSchema,
  variants: z.array(z.string()).optional(),
} satisfies Fields<Receipt>);

export const unknownSchema: z.ZodType<Unknown> = z.looseObject({
  ...ofSubmission,
  message: z.string(),
  possiblySpent: chargeSchema,
  at: z.string(),
  absent: z.boolean().optional(),
} satisfies Fields<Unknown>);

export const duplicateSchema: z.ZodType<Duplicate> = z.looseObject({
  ...ofSubmission,
  taskId: z.string().min(1),
  charge: chargeSchema,
  submittedAt: z.string(),
} satisfies Fields<Duplicate>);

export const verdictSchema: z.ZodType<Verdict> = z.looseObject({
  ...ofSubmission,
  outcome: z.enum(['done', 'empty', 'failed', 'expired']),
  charge: chargeSchema,
  refundExpected: chargeSchema,
  at: z.string(),
  readyAt: z.string().optional(),
  result: resultRefSchema.optional(),
  failure: failureSchema.optional(),
  final: z.boolean().optional(),
} satisfies Fields<Verdict>);
