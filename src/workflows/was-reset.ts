import { patched, workflowInfo } from '@temporalio/workflow';

/**
 * Whether this run was reset to a point before this decision. A reset run replays what its history has from before that
 * point, and must decide there as the run before it did, although it already has an id of its own; the marker that `patched`
 * leaves tells both apart, and lets every later replay decide the same.
 */
export function wasReset(decision: string): boolean {
  const { runId, originalExecutionRunId } = workflowInfo();
  return runId !== originalExecutionRunId && patched(`reset-before-${decision}`);
}
