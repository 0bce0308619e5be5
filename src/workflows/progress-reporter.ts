import { CancellationScope, getExternalWorkflowHandle, workflowInfo } from '@temporalio/workflow';
import type { BatchProgress } from '../contracts/batch.ts';
import { PARTITION_PROGRESS_SIGNAL } from '../contracts/messages.ts';
import type { Tally } from './tally.ts';

/** What a partition tells its batch. */
export interface PartitionProgress {
  page: number;
  progress: BatchProgress;
}

/** Tells the batch how far a partition is, at most every tenth of its scrapes, so that the batch's page shows it. */
export class ProgressReporter {
  readonly #page: number;
  #reported = 0;

  constructor(page: number) {
    this.#page = page;
  }

  /** `progress` is asked only when it is told. */
  async report(tally: Tally, progress: () => BatchProgress): Promise<void> {
    const { parent } = workflowInfo();
    if (!parent || tally.ended - this.#reported < Math.max(1, tally.total / 10)) return;
    this.#reported = tally.ended;
    const message: PartitionProgress = { page: this.#page, progress: progress() };
    try {
      // By workflow id only, so that it reaches a parent that was reset.
      const batch = getExternalWorkflowHandle(parent.workflowId);
      await CancellationScope.nonCancellable(() => batch.signal(PARTITION_PROGRESS_SIGNAL, message));
    } catch {
      // The batch was terminated: nobody reads its counts any more, and the scrapes go on.
    }
  }
}
