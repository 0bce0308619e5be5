import { Client } from '@temporalio/client';
import type { Config } from '../config/config.ts';
import type { Pairing, Store } from '../store/store.ts';
import type { StoreBinding } from './binding-problem.ts';
import { GleanerError } from './gleaner-error.ts';
import { serverName } from './server-name.ts';
import { readBinding } from './store-binding.ts';
import { connectTo, type Temporal } from './temporal.ts';
import { countWorkers } from './why-waiting.ts';

/** What a take-over would change, and who would be harmed by it. */
export interface TakeOverPlan {
  /** The store that the namespace worked with, if it was another one. */
  otherStore?: StoreBinding;
  /** The namespace that the store worked with, if it was another one. */
  otherNamespace?: Pairing;
  /** Workers, scrapes and batches of the pairing that would end, in words; nothing should be. */
  seen: string[];
  /** What could not be looked at, in words. */
  unseen: string[];
}

const OPEN_QUERY =
  "ExecutionStatus = 'Running' AND WorkflowType IN ('scrapeWorkflow', 'batchWorkflow', 'partitionWorkflow')";

/** Looks at both sides of the binding and at who works with them now. Changes nothing. `store`: undefined if it is not there. */
export async function planTakeOver(
  temporal: Temporal,
  store: Store | undefined,
  config: Pick<Config, 'taskQueue'>,
): Promise<TakeOverPlan> {
  const plan: TakeOverPlan = { seen: [], unseen: [] };
  const bound = await readBinding(temporal);
  if (bound && bound.storeId !== store?.owner.storeId) {
    plan.otherStore = bound;
    plan.seen.push(...(await whoWorks(temporal)));
  }
  const pairing = await store?.pairings.current();
  if (store && pairing && pairing.runId !== bound?.runId) {
    plan.otherNamespace = pairing;
    await lookElsewhere(temporal, store, pairing, config, plan);
  }
  return plan;
}

/** The namespace that the store worked with may still be at work with it. */
async function lookElsewhere(
  temporal: Temporal,
  store: Store,
  { namespace, server }: Pairing,
  { taskQueue }: Pick<Config, 'taskQueue'>,
  plan: TakeOverPlan,
): Promise<void> {
  const isHere = server === serverName(temporal.address);
  if (isHere && namespace === temporal.namespace) return; // its database is gone: another one is at its place
  const address = server.split(' ')[0] ?? server;
  try {
    const connection = isHere
      ? temporal.client.connection
      : await connectTo({ address, namespace, connection: { address }, source: 'the store' });
    const client = new Client({ connection, namespace });
    const other: Temporal = { client, namespace, taskQueue, address, close: async () => {} };
    try {
      const bound = await readBinding(other);
      if (bound?.storeId === store.owner.storeId) plan.seen.push(...(await whoWorks(other)));
    } finally {
      if (!isHere && 'close' in connection) await connection.close();
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    plan.unseen.push(`namespace "${namespace}" at ${server} cannot be looked at (${why})`);
  }
}

async function whoWorks(temporal: Temporal): Promise<string[]> {
  const { client, namespace, taskQueue } = temporal;
  const workers = await countWorkers(temporal);
  const { count } = await client.workflow.count(OPEN_QUERY);
  return [
    ...(workers > 0
      ? [
          `${workers} worker(s) poll "${taskQueue}" in namespace "${namespace}" (seen for a minute after their end)`,
        ]
      : []),
    ...(count > 0 ? [`${count} scrapes and batches are open in namespace "${namespace}"`] : []),
  ];
}

/** Throws `GleanerError` (`wrong-store`) if anybody is seen at work with what would be taken over. */
export function assertNobodyWorks({ seen }: TakeOverPlan): void {
  if (seen.length === 0) return;
  throw new GleanerError(
    'wrong-store',
    `not taken over, because it is still in use: ${seen.join('; ')}. Stop the workers and cancel what is open, and wait until ` +
      'it has ended. If nobody can do that any more: --take-over --yes --force',
  );
}
