import { CancellationScope, defineSignal, getExternalWorkflowHandle } from '@temporalio/workflow';
import { ceilingFields } from '../contracts/ceiling.ts';
import type { Ceiling } from '../contracts/ceiling.ts';
import { RAISE_CEILING_SIGNAL } from '../contracts/messages.ts';

/** Its payload may have been typed by hand: `readCeiling` reads it. */
export const raiseCeilingSignal = defineSignal<[unknown]>(RAISE_CEILING_SIGNAL);

/** Tells a partition the whole batch's ceiling; one that has ended, or has not begun, needs not know. */
export async function tellCeiling(workflowId: string, ceiling: Ceiling): Promise<void> {
  const partition = getExternalWorkflowHandle(workflowId);
  try {
    await CancellationScope.nonCancellable(() =>
      partition.signal(raiseCeilingSignal, ceilingFields(ceiling)),
    );
  } catch {
    // Not there: the batch looks at what it refused, or starts it with the ceiling of that time.
  }
}
