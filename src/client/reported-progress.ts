import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { BatchProgress, BatchSums, PartitionResult } from '../contracts/batch.ts';
import { sumProgress } from '../contracts/batch-sums.ts';
import { PARTITION_PROGRESS_SIGNAL } from '../contracts/messages.ts';
import type { Store } from '../store/store.ts';
import type { Temporal } from './temporal.ts';

/** What a partition signals to its batch; see workflows/progress-reporter.ts. */
interface Report {
  page: number;
  progress: BatchProgress;
}

/**
 * How far a batch is by what its partitions have told it, read from its history: for batches that no worker answers for.
 * It lags by a tenth of each page, and reads no scrape's file. Undefined before the manifest is written.
 */
export async function reportedProgress(
  { client }: Temporal,
  store: Store,
  batchId: string,
  runId: string,
): Promise<BatchSums | undefined> {
  const manifest = await store.batches.readManifest(batchId);
  if (!manifest) return undefined;
  const decode = async (payloads: Parameters<typeof decodeArrayFromPayloads>[1]): Promise<unknown> =>
    (await decodeArrayFromPayloads(client.options.loadedDataConverter, payloads))[0];
  const parts = new Map<string, BatchProgress | PartitionResult>();
  const { events } = await client.workflow.getHandle(batchId, runId).fetchHistory();
  for (const event of events ?? []) {
    const signal = event.workflowExecutionSignaledEventAttributes;
    const ended = event.childWorkflowExecutionCompletedEventAttributes;
    if (signal?.signalName === PARTITION_PROGRESS_SIGNAL) {
      const { page, progress } = (await decode(signal.input?.payloads)) as Report; // only our partitions send it
      parts.set(String(page), progress);
    } else if (ended) {
      const page = ended.workflowExecution?.workflowId?.split('/p').at(-1) ?? '';
      parts.set(page, (await decode(ended.result?.payloads)) as PartitionResult); // a batch has no other children
    }
  }
  const { inFlight: _, ...sums } = sumProgress(batchId, manifest.total, [...parts.values()]);
  return sums;
}
