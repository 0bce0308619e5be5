import { CancellationScope } from '@temporalio/workflow';

/** Whether somebody asked this workflow to stop; true also inside a non-cancellable scope, where cleaning up happens. */
export function cancelRequested(): boolean {
  let scope = CancellationScope.current();
  while (scope.parent) scope = scope.parent;
  return scope.consideredCancelled;
}
