import { ApplicationFailure } from '@temporalio/common';

/** What it takes to cancel the workflow that an activity belongs to. */
export interface OwnWorkflow {
  /** Of the activity, from 1. */
  attempt: number;
  cancel(): Promise<unknown>;
}

/**
 * Runs a purchase, and cancels its workflow itself if its batch is still found cancelled at a later attempt. The cancel that
 * is on its way from the batch never comes to a workflow that was reset since: nobody would end it, and the batch that is
 * started again under its name would wait for it for ever.
 */
export async function passStopOn<T>(own: OwnWorkflow, purchase: () => Promise<T>): Promise<T> {
  try {
    return await purchase();
  } catch (error) {
    const isStopped = error instanceof ApplicationFailure && error.type === 'BatchStopped';
    // The server may be away: the next attempt cancels it then.
    if (isStopped && own.attempt > 1) await own.cancel().catch(() => undefined);
    throw error;
  }
}
