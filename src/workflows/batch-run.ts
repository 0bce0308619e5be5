import { workflowInfo } from '@temporalio/workflow';

/** Lets a cancel of the batch stop its scrapes' purchases before it has reached each of them. */
export function batchRun(): { batchRun?: string } {
  const { parent } = workflowInfo();
  return parent ? { batchRun: parent.runId } : {};
}
