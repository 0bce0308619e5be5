import { ParentClosePolicy, startChild } from '@temporalio/workflow';

/**
 * Leaves a child behind that was created and is given no task, by a cron schedule whose turn comes in a year. To everybody
 * who asks the server it looks like one whose parent closed while it was being created.
 */
export async function leaveChild(workflowId: string, type: string, input: object): Promise<void> {
  await startChild(type, {
    workflowId,
    args: [input],
    taskQueue: 'gleaner',
    cronSchedule: '0 0 1 1 *',
    parentClosePolicy: ParentClosePolicy.ABANDON,
  });
}
