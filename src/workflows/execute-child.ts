import { CancellationScope, CancelledFailure, WorkflowIdReusePolicy, startChild } from '@temporalio/workflow';
import type { ChildWorkflowOptions, Workflow, WorkflowResultType } from '@temporalio/workflow';

/**
 * The SDK's `executeChild`, but a cancel is never lost: one that is sent to a child that the server has not started yet
 * fails with "not found" and is not sent again, so it is held back until the child is there
 * (docs/decisions/0018-stop-mark.md). Throws `CancelledFailure` if the cancel came before.
 */
export async function executeCancellableChild<T extends Workflow>(
  type: T,
  options: ChildWorkflowOptions & { args: Parameters<T> },
  onStarted: () => void = () => undefined,
): Promise<WorkflowResultType<T>> {
  const outer = CancellationScope.current();
  if (outer.consideredCancelled) throw new CancelledFailure('cancelled before the child was started');
  const own = new CancellationScope({
    cancellable: true,
    parent: new CancellationScope({ cancellable: false }),
  });
  let started = false;
  let cancelled = false;
  const passOn = (): void => {
    cancelled = true;
    if (started) own.cancel();
  };
  if (outer.cancellable) outer.cancelRequested.catch(passOn);
  // The conditional types of ChildWorkflowOptions cannot be resolved for a type parameter; T's arguments are required above.
  const handle = await own.run(() => startChild(type, options as never));
  started = true;
  onStarted();
  if (cancelled) own.cancel();
  return handle.result() as Promise<WorkflowResultType<T>>; // the handle is of T, which `never` above hid
}

/**
 * After a reset nothing that ended may run again, also not what somebody cancelled on purpose. In a batch that was started
 * again, what bought nothing may; the journal answers for everything else.
 */
export function scrapeReuse(isReset: boolean): WorkflowIdReusePolicy {
  return isReset ? WorkflowIdReusePolicy.REJECT_DUPLICATE : WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY;
}
