import type { BatchInput, BatchProgress } from '../contracts/batch.ts';
import { ceilingFields, ceilingOf, raisedCeiling, type Ceiling } from '../contracts/ceiling.ts';
import { RAISE_CEILING_SIGNAL } from '../contracts/messages.ts';
import type { ClientContext } from './client-context.ts';
import { queryProgress } from './describe-run.ts';
import type { PreparedBatch } from './prepare-batch.ts';
import { readStartInput } from './start-workflow.ts';

/**
 * Raises the ceiling of a running batch to the one of an input, where that is higher. One that is not given changes nothing:
 * whoever only attaches must not take a limit away.
 */
export async function raiseCeiling(
  context: ClientContext,
  { input, manifest: { batchId } }: PreparedBatch,
  runId: string,
): Promise<{ ceiling?: Ceiling; raised?: boolean }> {
  const { temporal } = await context.forBuying();
  const answered = await queryProgress<BatchProgress>(temporal, batchId);
  // Without a worker nobody answers: what it was started with is there all the same.
  const started = (await readStartInput(temporal, batchId, runId)) as BatchInput; // batchWorkflow guards it
  const ceiling = answered?.ceiling ?? ceilingOf(started);
  if (!ceiling) return {};
  const wanted = ceilingOf(input) ?? {};
  const raised = raisedCeiling(ceiling, wanted);
  if (raised === ceiling) return { ceiling };
  await temporal.client.workflow.getHandle(batchId).signal(RAISE_CEILING_SIGNAL, ceilingFields(wanted));
  return { ceiling: raised, raised: true };
}
