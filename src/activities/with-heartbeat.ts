import { heartbeat } from '@temporalio/activity';

/** Well below the heartbeat timeout in workflows/activity-proxies.ts. */
const BEAT_MS = 3_000;

/**
 * Beats while `body` runs, so that the work of a killed worker is taken over within seconds. A beat that is late by
 * mistake does no harm: the journal makes a second run of every activity safe.
 */
export async function withHeartbeat<T>(body: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => heartbeat(), BEAT_MS);
  try {
    return await body();
  } finally {
    clearInterval(timer);
  }
}
