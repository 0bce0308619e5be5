import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { z } from 'zod';
import type { Store } from '../store/store.ts';
import { GleanerError } from './gleaner-error.ts';

/** The workflow whose memo says which store a namespace works with. */
const STORE_BINDING_ID = 'gleaner/store';
const STORE_BINDING_TYPE = 'storeBindingWorkflow';

/** Which store a namespace works with. */
export interface StoreBinding {
  storeId: string;
  simulated: boolean;
  location: string;
}

const bindingSchema = z.looseObject({
  storeId: z.string(),
  simulated: z.boolean(),
  location: z.string(),
}) satisfies z.ZodType<StoreBinding>;

/** The store that this namespace is bound to; undefined before its first worker. */
export async function readBinding(client: Client): Promise<StoreBinding | undefined> {
  try {
    const { memo, status } = await client.workflow.getHandle(STORE_BINDING_ID).describe();
    return status.name === 'RUNNING' ? bindingSchema.safeParse(memo).data : undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** Throws `GleanerError` (`wrong-store`) if the namespace is bound to another store than this one. */
export async function checkBinding(client: Client, store: Store): Promise<void> {
  const bound = await readBinding(client);
  if (bound && bound.storeId !== store.owner.storeId)
    throw wrongStore(client.options.namespace, bound, store);
}

/**
 * Binds the namespace to this store at first use and checks it ever after: a worker that read another journal would buy
 * again what this namespace's scrapes have bought already. Throws `GleanerError` (`wrong-store`).
 */
export async function bindStore(client: Client, store: Store, taskQueue: string): Promise<void> {
  const memo: Record<string, unknown> = {
    storeId: store.owner.storeId,
    simulated: store.owner.simulated,
    location: store.location,
  };
  try {
    await client.workflow.start(STORE_BINDING_TYPE, {
      workflowId: STORE_BINDING_ID,
      taskQueue,
      memo,
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: `this namespace works with the store ${store.location}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  await checkBinding(client, store);
}

function wrongStore(namespace: string, bound: StoreBinding, store: Store): GleanerError {
  const mine = `${store.location} (${kindOf(store.owner.simulated)}, store ${store.owner.storeId.slice(0, 8)})`;
  const theirs = `${bound.location} (${kindOf(bound.simulated)}, store ${bound.storeId.slice(0, 8)})`;
  return new GleanerError(
    'wrong-store',
    `the Temporal namespace "${namespace}" works with the store ${theirs}, but this run uses ${mine}, where what was ` +
      'bought there is not known. Set GLEANER_HOME or GLEANER_STORE to that store, or TEMPORAL_NAMESPACE to another ' +
      `namespace. If that store is gone for good: temporal workflow terminate --workflow-id ${STORE_BINDING_ID} --namespace ${namespace}`,
  );
}

function kindOf(simulated: boolean): string {
  return simulated ? 'SIMULATED' : 'real scrapes';
}
