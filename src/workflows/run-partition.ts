import { CancellationScope, ParentClosePolicy } from '@temporalio/workflow';
import { CancelledFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { PartitionInput, PartitionResult } from '../contracts/batch.ts';
import { cancelRequested } from './cancel-requested.ts';
import { executeCancellableChild } from './execute-child.ts';
import { partitionWorkflow } from './partition.ts';
import { batchAttributes } from './search-attributes.ts';
import { untilEnded } from './until-ended.ts';

/**
 * Runs a partition to its end. It may run any number of times, since it starts only what its page shows as unsettled:
 *
 * - cancelled while it runs: it stops starting, collects what is in flight and completes with its counts;
 * - the batch was cancelled before it began: it runs all the same, to record what will not be started;
 * - it runs already, because the batch was reset: it is waited for and then run again, which costs one activity.
 */
export async function runPartition(
  workflowId: string,
  makeInput: () => Promise<PartitionInput>,
  onStarted: (input: PartitionInput) => void,
): Promise<PartitionResult> {
  for (;;) {
    try {
      // Made anew each time: an earlier run of the partition may have spent money while it was waited for.
      const input = await makeInput();
      if (!cancelRequested()) return await start(workflowId, input, onStarted);
      return await CancellationScope.nonCancellable(() =>
        start(workflowId, { ...input, stopped: true }, onStarted),
      );
    } catch (error) {
      if (error instanceof CancelledFailure) continue; // the cancel came before the partition was started
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      await untilEnded(workflowId);
    }
  }
}

function start(
  workflowId: string,
  input: PartitionInput,
  onStarted: (input: PartitionInput) => void,
): Promise<PartitionResult> {
  const options = {
    workflowId,
    args: [input] as [PartitionInput],
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    staticSummary: `page ${input.page} of ${input.batchId}`,
    ...(input.searchAttributes && { typedSearchAttributes: batchAttributes(input.batchId) }),
  };
  return executeCancellableChild(partitionWorkflow, options, () => onStarted(input));
}
