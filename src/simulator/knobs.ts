import { z } from 'zod';
import { POLL_FAULTS, SUBMIT_FAULTS } from './faults.ts';

const rate = z.number().min(0).max(1);
const ms = z.number().min(0);

/** Everything about the simulated provider that can be turned while it runs. Times are simulator milliseconds. */
const knobsSchema = z.strictObject({
  /** Probability of each fault per submit and per poll; setting one map replaces it whole. Scripts come first. */
  submitFaults: z.partialRecord(z.enum(SUBMIT_FAULTS), rate),
  pollFaults: z.partialRecord(z.enum(POLL_FAULTS), rate),
  slowSubmitMs: ms,
  slowPollMs: ms,
  /** The temporary 404 hits only jobs younger than this. */
  youngJobMs: ms,
  unknownStatus: z.string().min(1),

  /** Life of a job: a wait in the queue, then attempts. All are divided by the speed factor. */
  queueWaitMeanMs: ms,
  attemptMedianMs: ms,
  attemptP95Ms: ms,
  attemptFailureRate: rate,
  attempts: z.number().int().min(1).max(4),
  /** When set, every new job takes exactly this long; not divided by the speed factor. */
  durationMs: ms.nullable(),

  /** `null`: never. */
  refundDelayMs: ms.nullable(),
  /** From creation; never divided by the speed factor. */
  retentionMs: ms,
  cacheLifetimeMs: ms,
  cacheHits: z.enum(['charged', 'free']),
  /** What an account without credits is told; the vendor's pages disagree. */
  noCreditsStatus: z.union([z.literal(401), z.literal(402), z.literal(429)]),
  /** Real limits, beside the scripted ones. `null`: none. */
  rateLimitPerMinute: z.number().int().min(0).nullable(),
  queueLimit: z.number().int().min(0).nullable(),
  retryAfterSeconds: z.number().int().min(0).nullable(),

  /** Contract points that the vendor leaves open. */
  validationStyle: z.union([z.literal(400), z.literal(422)]),
  pendingCompletedAt: z.enum(['missing', 'null']),
  submitBody: z.enum(['full', 'job-id-only']),
  syncJobsPollable: z.boolean(),

  noMarkdownRate: rate,
  hostileText: z.boolean(),
  /** The text is padded to at least this many bytes. */
  resultBytes: z.number().int().min(0),
});
export type Knobs = z.infer<typeof knobsSchema>;

/** A partial set; what it leaves out keeps its value. */
export const knobsPatchSchema = knobsSchema.partial();

const HOUR_MS = 3_600_000;

/** Timing and retention as scrapellm.md sections 9 and 11 give them; no faults. */
export const DEFAULT_KNOBS: Knobs = {
  submitFaults: {},
  pollFaults: {},
  slowSubmitMs: 5_000,
  slowPollMs: 5_000,
  youngJobMs: 60_000,
  unknownStatus: 'processing',
  queueWaitMeanMs: 5_000,
  attemptMedianMs: 12_000,
  attemptP95Ms: 32_000,
  attemptFailureRate: 0.05,
  attempts: 3,
  durationMs: null,
  refundDelayMs: 0,
  retentionMs: 24 * HOUR_MS,
  cacheLifetimeMs: HOUR_MS,
  cacheHits: 'charged',
  noCreditsStatus: 429,
  rateLimitPerMinute: null,
  queueLimit: null,
  retryAfterSeconds: null,
  validationStyle: 400,
  pendingCompletedAt: 'missing',
  submitBody: 'full',
  syncJobsPollable: false,
  noMarkdownRate: 0.1,
  hostileText: false,
  resultBytes: 0,
};
