import { CancellationScope, ParentClosePolicy, executeChild, sleep } from '@temporalio/workflow';
import { CancelledFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { PartitionInput, PartitionResult } from '../contracts/batch.ts';
import { storeActivities } from './activity-proxies.ts';
import { cancelRequested } from './cancel-requested.ts';
import { partitionWorkflow } from './partition.ts';
import { batchAttributes } from './search-attributes.ts';

/**
 * Runs a partition to its end. It may run any number of times, since it starts only what its page shows as unsettled:
 *
 * - cancelled while it runs: it stops starting, collects what is in flight and completes with its counts;
 * - the batch was cancelled before it began: it runs all the same, to record what will not be started;
 * - it runs already, because the batch was reset: it is waited for and then run again, which costs one activity.
 */
export async function runPartition(workflowId: string, input: PartitionInput): Promise<PartitionResult> {
  for (;;) {
    try {
      if (!cancelRequested()) return await start(workflowId, input);
      return await CancellationScope.nonCancellable(() => start(workflowId, { ...input, stopped: true }));
    } catch (error) {
      if (error instanceof CancelledFailure) continue; // the cancel came before the partition was started
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      await untilEnded(workflowId);
    }
  }
}

function start(workflowId: string, input: PartitionInput): Promise<PartitionResult> {
  return executeChild(partitionWorkflow, {
    workflowId,
    args: [input],
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    staticSummary: `page ${input.page} of ${input.batchId}`,
    ...(input.searchAttributes && { typedSearchAttributes: batchAttributes(input.batchId) }),
  });
}

/** Waits for a partition of this batch's run before a reset; a cancel does not reach it by itself and is passed on. */
async function untilEnded(workflowId: string): Promise<void> {
  let cancelPassedOn = false;
  const stop = async (): Promise<void> => {
    if (cancelPassedOn || !cancelRequested()) return;
    cancelPassedOn = true;
    await CancellationScope.nonCancellable(() =>
      storeActivities.cancelWorkflows({ workflowIds: [workflowId] }),
    );
  };
  for (;;) {
    await stop();
    const open = await CancellationScope.nonCancellable(() => storeActivities.isWorkflowOpen({ workflowId }));
    if (!open) return;
    await CancellationScope.nonCancellable(() =>
      sleep('10 seconds', { summary: `until ${workflowId} of the earlier run ends` }),
    );
  }
}
