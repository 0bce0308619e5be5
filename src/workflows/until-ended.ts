import { CancellationScope, sleep } from '@temporalio/workflow';
import { storeActivities } from './activity-proxies.ts';
import { cancelRequested } from './cancel-requested.ts';

/** Waits for a workflow that is not a child of this run; a cancel does not reach it by itself and is passed on. */
export async function untilEnded(workflowId: string): Promise<void> {
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
