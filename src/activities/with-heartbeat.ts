import { heartbeat } from '@temporalio/activity';

/** Temporal gives an activity up for dead after this long without a beat, and starts it elsewhere. */
export const HEARTBEAT_TIMEOUT = '10 seconds';

/**
 * Beats while `body` runs, so that the work of a killed worker is taken over within seconds. A beat that is late by
 * mistake does no harm: the journal makes a second run of every activity safe.
 */
export async function withHeartbeat<T>(body: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => heartbeat(), 3_000);
  try {
    return await body();
  } finally {
    clearInterval(timer);
  }
}
