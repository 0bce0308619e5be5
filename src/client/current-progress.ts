import type { BatchProgress } from '../contracts/batch.ts';
import { sumProgress } from '../contracts/batch-sums.ts';
import { queryProgress } from './describe-run.ts';
import type { Temporal } from './temporal.ts';

/**
 * What a running batch and its running partitions (four at most) answer: a batch by itself lags by a tenth of each page.
 * Undefined if no worker answers.
 */
export async function currentProgress(
  temporal: Temporal,
  batchId: string,
): Promise<BatchProgress | undefined> {
  const answered = await queryProgress<BatchProgress>(temporal, batchId);
  if (!answered) return undefined;
  const { endedPartitions, ...batch } = { ...answered, batchId };
  if (!endedPartitions) return batch;
  const running = await Promise.all(
    (batch.partitions ?? []).map((id) => queryProgress<BatchProgress>(temporal, id)),
  );
  const parts = running.filter((part) => part !== undefined);
  if (parts.length < running.length) return batch; // one begins or ends just now
  const waiting = batch.waiting ?? parts.find((part) => part.waiting !== undefined)?.waiting;
  return {
    ...batch,
    ...sumProgress(batchId, batch.total, [endedPartitions, ...parts]),
    ...(waiting !== undefined && { waiting }),
  };
}
