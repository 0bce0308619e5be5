import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { COMPLETED_SIGNAL } from '../contracts/messages.ts';
import type { CompletedHint } from '../contracts/messages.ts';
import type { SendHint } from './hinter.ts';

/** Longer than a signal takes on a busy server. */
const DEADLINE_MS = 10_000;

/** Hints by signal. A scrape that has not begun, has ended or whose workflow is gone cannot be told. */
export function signalHint(client: Client): SendHint {
  return async (scrapeId, taskId, kind) => {
    const hint: CompletedHint = { taskId, ...(kind === 'postback' && { posted: true }) };
    try {
      await client.withDeadline(Date.now() + DEADLINE_MS, () =>
        client.workflow.getHandle(scrapeId).signal(COMPLETED_SIGNAL, hint),
      );
      return undefined;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return 'nobody';
      throw error;
    }
  };
}
