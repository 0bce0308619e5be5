import { createHash } from 'node:crypto';
import type { Fate } from './fate.ts';
import type { JobRequest } from './validation.ts';

/** A job with its whole life: what a poll sees is a function of this and the clock. Times are simulator milliseconds. */
export interface Job extends Fate {
  jobId: string;
  key: string;
  /** Sync calls are in the ledger too; their jobs are made when they end with 200. */
  kind: 'async' | 'sync';
  request: JobRequest;
  /** What makes two purchases the same one, hashed. */
  identity: string;
  /** How many jobs of this identity came before. */
  nth: number;
  createdAtMs: number;
  retentionMs: number;
  chargedCredits: number;
  /** After the failure; `null`: never. */
  refundDelayMs: number | null;
  /** When the answer that the cache served was made. */
  cachedAtMs?: number;
  answer: AnswerSource;
}

/** What an answer is made from. A cache hit has that of the job whose answer it is. */
interface AnswerSource {
  prompt: string;
  /** Which of the possible answers it is: 0 unless the cache was bypassed. */
  sample: number;
  empty: boolean;
  hostile: boolean;
  noMarkdownRate: number;
  minBytes: number;
}

export type JobView = 'pending' | 'done' | 'failed' | 'expired';

/** What the provider says about a job at this time. Retention counts from creation, whatever the state. */
export function viewJob(job: Job, nowMs: number): JobView {
  if (nowMs >= job.createdAtMs + job.retentionMs) return 'expired';
  return nowMs < job.finishAtMs ? 'pending' : job.outcome;
}

/** The moment the credits of a failed job come back; undefined if they never do. */
export function refundAtMs(job: Job): number | undefined {
  if (job.outcome !== 'failed' || job.refundDelayMs === null || job.chargedCredits === 0) return undefined;
  return job.finishAtMs + job.refundDelayMs;
}

/** Two requests with the same identity buy the same thing. The timeout is no part of it. */
export function requestIdentity(request: JobRequest): string {
  const { scraper, prompt, country, bypassCache, webSearch, markdownJson, mode } = request;
  const parts = [scraper, prompt, country, bypassCache, webSearch, markdownJson, mode];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
