import { workflowInfo } from '@temporalio/workflow';
import type { PartitionInput } from '../contracts/batch.ts';
import type { ScrapeInput } from '../contracts/scrape.ts';

/** What a scrape gets from the batch that begins it, beside its own row. */
export function ofBatch(
  { maxCharge }: PartitionInput,
  row: ScrapeInput,
): Pick<ScrapeInput, 'batchRun' | 'maxCharge'> {
  const { parent } = workflowInfo();
  return {
    // Lets a cancel of the batch stop its scrapes' purchases before it has reached each of them.
    ...(parent && { batchRun: parent.runId }),
    ...(maxCharge !== undefined && row.maxCharge === undefined && { maxCharge }),
  };
}
