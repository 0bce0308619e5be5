import { setTimeout as sleep } from 'node:timers/promises';
import { batchStatus, whyBatchWaits, type BatchStatus, type WhyHeld } from './batch-status.ts';
import type { ClientContext } from './client-context.ts';
import { RecentPace } from './pace.ts';
import { isOutage } from './temporal.ts';

export interface WatchOptions {
  /** From one look to the next, milliseconds. Default 2,000. */
  everyMs?: number;
  signal?: AbortSignal;
}

const EVERY_MS = 2_000;
/** Asking what holds scrapes up takes more calls than all the rest of a look. */
const ASK_WHY_EVERY_MS = 10_000;

/**
 * Looks at a batch again and again until it has ended, also through restarts of the server; the last status is its end.
 * `pace` is that of the last minute. Ends without more when `signal` aborts. Throws `GleanerError` like `batchStatus`.
 */
export async function* watchBatch(
  context: ClientContext,
  batchId: string,
  { everyMs = EVERY_MS, signal }: WatchOptions = {},
): AsyncGenerator<BatchStatus> {
  const recent = new RecentPace();
  const whyHeld = askingRarely();
  const isAborted = (): boolean => signal?.aborted === true;
  while (!isAborted()) {
    const status = await batchStatus(context, batchId, whyHeld).catch(ignoreOutage);
    if (status) yield withRecentPace(status, recent);
    if (status && status.state !== 'running') return;
    await sleep(everyMs, undefined, { signal }).catch(() => undefined); // aborted: seen above
  }
}

function askingRarely(): WhyHeld {
  let last: { atMs: number; words: string | undefined } | undefined;
  return async (...asked) => {
    const atMs = performance.now();
    if (!last || atMs - last.atMs > ASK_WHY_EVERY_MS) last = { atMs, words: await whyBatchWaits(...asked) };
    return last.words;
  };
}

function withRecentPace(status: BatchStatus, recent: RecentPace): BatchStatus {
  if (!status.pace) return status; // nobody answers: what is known is not of now
  const { total, counts } = status.progress;
  const pace = recent.look({ atMs: performance.now(), ended: total - counts.open }, counts.open);
  return pace ? { ...status, pace } : status;
}

function ignoreOutage(error: unknown): undefined {
  if (!isOutage(error)) throw error;
  return undefined;
}
