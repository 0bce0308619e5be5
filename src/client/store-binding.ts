import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import type { Store } from '../store/store.ts';
import { bindingProblem, type BindingProblem, type StoreBinding } from './binding-problem.ts';
import { GleanerError } from './gleaner-error.ts';
import { serverName } from './server-name.ts';
import type { Temporal } from './temporal.ts';

/** The workflow whose memo says which store a namespace works with. */
const STORE_BINDING_ID = 'gleaner/store';
const STORE_BINDING_TYPE = 'storeBindingWorkflow';

const memoSchema = z.looseObject({
  storeId: z.string(),
  simulated: z.boolean(),
  location: z.string(),
});

/** The store that this namespace is bound to; undefined before its first use. */
export async function readBinding({ client }: Temporal): Promise<StoreBinding | undefined> {
  try {
    const { memo, status, runId } = await client.workflow.getHandle(STORE_BINDING_ID).describe();
    const bound = status.name === 'RUNNING' ? memoSchema.safeParse(memo).data : undefined;
    return bound && { ...bound, runId };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/**
 * Binds store and namespace to each other at first use, and checks both sides ever after: with another journal this
 * namespace's scrapes would be bought again, and a second namespace would not know what the first one spends. A database
 * that was made anew at the same place is bound again. Throws `GleanerError` (`wrong-store`).
 */
export async function bindStore(temporal: Temporal, store: Store): Promise<void> {
  await checkBinding(temporal, store); // first, so that nothing is bound that does not fit
  await startBinding(temporal, store);
  const bound = await checkBinding(temporal, store);
  if (bound) await pair(temporal, store, bound.runId);
}

async function checkBinding(temporal: Temporal, store: Store): Promise<StoreBinding | undefined> {
  const bound = await readBinding(temporal);
  const problem = bindingProblem({ temporal, bound, store, pairing: await store.pairings.current() });
  if (problem) throw wrongStore(problem);
  return bound;
}

/** Writes into the store which namespace it works with, unless it says so already. */
async function pair(temporal: Temporal, store: Store, runId: string): Promise<void> {
  if ((await store.pairings.current())?.runId === runId) return;
  const { namespace, address } = temporal;
  await store.pairings.add({ namespace, server: serverName(address), runId, at: new Date().toISOString() });
  await checkBinding(temporal, store); // somebody else may have been faster
}

/** Binds them to each other whatever they were bound to; for `doctor --take-over`. */
export async function rebindStore(temporal: Temporal, store: Store): Promise<void> {
  const bound = await readBinding(temporal);
  if (bound && bound.storeId !== store.owner.storeId) {
    await temporal.client.workflow.getHandle(STORE_BINDING_ID).terminate('gleaner doctor --take-over');
  }
  await startBinding(temporal, store);
  const made = await readBinding(temporal);
  if (made) await pair(temporal, store, made.runId);
}

async function startBinding({ client, taskQueue }: Temporal, store: Store): Promise<void> {
  const { location, owner } = store;
  const memo: Record<string, unknown> = { storeId: owner.storeId, simulated: owner.simulated, location };
  try {
    await client.workflow.start(STORE_BINDING_TYPE, {
      workflowId: STORE_BINDING_ID,
      taskQueue,
      memo,
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: `this namespace works with the store ${location}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

function wrongStore({ detail, fix }: BindingProblem): GleanerError {
  return new GleanerError('wrong-store', `${detail} ${fix}`);
}
