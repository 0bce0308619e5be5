import { patched, workflowInfo } from '@temporalio/workflow';

/**
 * Whether this run was reset to a point before this decision. A reset run replays what its history has from before that
 * point, and must decide there as the run before it did, although it already has an id of its own; the marker that `patched`
 * leaves tells both apart, and lets every later replay decide the same, also one of a history that was read from a file: that
 * one runs under the id of the first run.
 */
export function wasReset(decision: string): boolean {
  const { runId, originalExecutionRunId, unsafe } = workflowInfo();
  return (unsafe.isReplaying || runId !== originalExecutionRunId) && patched(`reset-before-${decision}`);
}
