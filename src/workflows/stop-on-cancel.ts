import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import { storeActivities } from './activity-proxies.ts';

/**
 * Has a cancel of this batch written into the store at once, where every purchase of its scrapes looks first: the cancel
 * takes minutes to reach thousands of them one by one. `settled` is awaited before the batch ends.
 */
export function stopOnCancel(batchId: string): { settled(): Promise<void> } {
  const { runId, originalExecutionRunId } = workflowInfo();
  // A run that was reset shares the scrapes that the run before it began.
  const runIds = [...new Set([runId, originalExecutionRunId])];
  let stopping: Promise<void> | undefined;
  const write = (): void => {
    stopping = CancellationScope.nonCancellable(() =>
      storeActivities.stopBatchRuns.executeWithOptions({ summary: 'cancelled: buy nothing more' }, [
        { batchId, runIds },
      ]),
    );
  };
  CancellationScope.current().cancelRequested.catch(write);
  return { settled: async () => stopping };
}
