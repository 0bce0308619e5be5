import {
  ApplicationFailure,
  ChildWorkflowFailure,
  ParentClosePolicy,
  executeChild,
  isCancellation,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { BatchInput, BatchRecord } from '../contracts/batch.ts';
import { cancelRequested } from './cancel-requested.ts';
import { untilEnded } from './until-ended.ts';

/**
 * A batch that was started under an id of its own runs as `batch/<name>` all the same, so that the same name is one
 * batch at a time: two that run side by side could pass its ceiling. One that runs already is waited for.
 */
export async function runUnderOwnId(input: BatchInput, workflowId: string): Promise<BatchRecord> {
  for (;;) {
    try {
      return await executeChild<(input: BatchInput) => Promise<BatchRecord>>('batchWorkflow', {
        workflowId,
        args: [input],
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        staticSummary: `the batch itself, ${workflowId}`,
      });
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) {
        await untilEnded(workflowId);
        continue; // costs one activity a page, since everything is settled
      }
      if (error instanceof ChildWorkflowFailure && error.cause instanceof ApplicationFailure) {
        throw ApplicationFailure.nonRetryable(error.cause.message, error.cause.type);
      }
      // A batch that was cancelled under its own id: this run was not, and cannot end as cancelled.
      if (isCancellation(error) && !cancelRequested())
        throw ApplicationFailure.nonRetryable(`${workflowId} was cancelled`, 'cancelled');
      throw error;
    }
  }
}
