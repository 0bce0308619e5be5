import { condition } from '@temporalio/workflow';

/** Stays open for good: its memo says which store this namespace works with, and workers compare it when they start. */
export async function storeBindingWorkflow(): Promise<void> {
  await condition(() => false);
}
