import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  defineQuery,
  defineSignal,
  patched,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { PlanBatchResult } from '../activities/plan-batch.ts';
import type {
  BatchInput,
  BatchProgress,
  BatchRecord,
  Manifest,
  PartitionInput,
  PartitionResult,
} from '../contracts/batch.ts';
import { sumParts, sumProgress } from '../contracts/batch-sums.ts';
import { DEFAULT_WINDOW } from '../contracts/defaults.ts';
import { partitionId } from '../contracts/ids.ts';
import { PARTITION_PROGRESS_SIGNAL, PROGRESS_QUERY } from '../contracts/messages.ts';
import { ceilingOf, formatCeiling, raisedCeiling, readCeiling } from '../contracts/ceiling.ts';
import type { Ceiling } from '../contracts/ceiling.ts';
import { addCharges, formatCharge } from '../contracts/money.ts';
import { storeActivities } from './activity-proxies.ts';
import { cancelRequested } from './cancel-requested.ts';
import { ceilingLeft } from './ceiling-left.ts';
import { causeOf } from './failures.ts';
import { guardBatchInput } from './input-guard.ts';
import type { PartitionProgress } from './progress-reporter.ts';
import { raiseCeilingSignal, tellCeiling } from './raise-ceiling.ts';
import { runPartition } from './run-partition.ts';
import { runUnderOwnId } from './run-under-own-id.ts';
import { completeBatchAttributes } from './search-attributes.ts';
import { SharedWindow } from './shared-window.ts';
import { stopOnCancel } from './stop-on-cancel.ts';
import { describeProgress } from './tally.ts';

const batchProgressQuery = defineQuery<BatchProgress>(PROGRESS_QUERY);
const partitionProgressSignal = defineSignal<[PartitionProgress]>(PARTITION_PROGRESS_SIGNAL);

/** Shares of the window, each of which is taken by one partition until few of its scrapes are open. */
const MAX_SHARES = 4;

/**
 * Runs prompts × scrapers × samples: writes the manifest, shares window and ceiling among its partitions, adds up and
 * records. Completes with the batch's record whatever its scrapes' outcomes; a cancelled one collects what was paid,
 * counts what was not begun, and ends as cancelled.
 */
export async function batchWorkflow(input: BatchInput): Promise<BatchRecord> {
  const ended = new Map<number, PartitionResult>();
  const reported = new Map<number, BatchProgress>();
  let plan: PlanBatchResult | undefined;
  const running = new Set<string>();
  let settings: Pick<BatchProgress, 'window'> = {};
  let givesBack: SharedWindow | undefined;
  let ceiling: Ceiling | undefined;
  const progress = (): BatchProgress => ({
    ...sumProgress(plan?.manifest.batchId ?? '', plan?.manifest.total ?? 0, [
      ...ended.values(),
      ...reported.values(),
    ]),
    ...(ceiling && { ceiling }),
    ...settings,
    partitions: [...running],
    ...(plan && { endedPartitions: sumOf(plan.manifest, ended) }),
    ...(!plan && { waiting: 'the manifest is being read' }),
    ...(cancelRequested() && { waiting: 'it was cancelled: what is paid is still collected' }),
  });
  const describe = (): void => setCurrentDetails(detailsOf(progress()));
  setHandler(batchProgressQuery, progress, { description: 'Counts and money of the whole batch.' });
  setHandler(partitionProgressSignal, (part) => {
    if (!plan || !running.has(partitionId(plan.manifest.batchId, part.page))) return;
    reported.set(part.page, part.progress);
    givesBack?.opens(part.page, part.progress.counts.open);
    describe();
  });
  const checked = guardBatchInput(input);
  ceiling = ceilingOf(checked);
  settings = checked.window ? { window: checked.window } : {};
  const pages: number[] = [];
  setHandler(
    raiseCeilingSignal,
    (to) => {
      if (!ceiling || cancelRequested()) return;
      const raised = raisedCeiling(ceiling, readCeiling(to));
      if (raised === ceiling) return;
      ceiling = raised;
      for (const id of running) void tellCeiling(id, ceiling);
      for (const [page, { counts }] of ended) if (counts.refused > 0 && ended.delete(page)) pages.push(page);
      describe();
    },
    {
      description:
        'Raises the ceiling to {maxCredits} and {maxUsd}; what was refused for it is bought if it fits.',
    },
  );
  plan = await planned(checked);
  settings = { ...settings, window: wholeWindow(checked, plan) };
  const { manifest, searchAttributes, retries } = plan;
  if (workflowInfo().workflowId !== manifest.batchId) return runUnderOwnId(checked, manifest.batchId);
  completeBatchAttributes(manifest.batchId, searchAttributes);
  const stop = stopOnCancel(manifest.batchId);

  const { shares, share } = sharesOf(checked, plan);
  pages.push(...Array.from({ length: manifest.pages }, (_, i) => i + 1));
  const run = async (page: number): Promise<void> => {
    const workflowId = partitionId(manifest.batchId, page);
    running.add(workflowId);
    describe();
    let given = ceiling;
    const makeInput = async (): Promise<PartitionInput> => {
      const left = ceiling && (await ceilingLeft(manifest.batchId, manifest.pages, () => ceiling ?? {}));
      given = ceiling;
      return {
        batchId: manifest.batchId,
        page,
        pages: manifest.pages,
        window: share,
        ...(ceiling && { ceiling, ...left }),
        ...(checked.maxCharge !== undefined && { maxCharge: checked.maxCharge }),
        searchAttributes,
        ...(checked.retry !== undefined && { retry: checked.retry }),
        reset: workflowInfo().runId !== workflowInfo().originalExecutionRunId,
      };
    };
    const result = await runPartition(workflowId, makeInput, (input) => {
      if (ceiling && input.ceiling !== ceiling) void tellCeiling(workflowId, ceiling);
    });
    running.delete(workflowId);
    reported.delete(page);
    // Raised when it was recording what it had refused: those are looked at again.
    if (given !== ceiling && result.counts.refused > 0 && !cancelRequested()) pages.push(page);
    else ended.set(page, result);
    describe();
  };
  const shared = new SharedWindow({ todo: pages, run, shares, share });
  // Batches of before began the next page only when one had ended.
  if (shares > 1 && manifest.pages > shares && patched('places-given-back')) givesBack = shared;
  for (;;) {
    await shared.runAll();
    await stop.settled();
    const record: BatchRecord = {
      ...sumParts(manifest.batchId, manifest.total, ended.values()),
      ...(ceiling && { ceiling }),
      ...(checked.maxCharge !== undefined && { maxCharge: checked.maxCharge }),
      startedAt: plan.begunAt ?? new Date(workflowInfo().startTime).toISOString(),
      endedAt: new Date().toISOString(),
      simulated: manifest.simulated,
      ...(retries !== undefined && { retries }),
    };
    await CancellationScope.nonCancellable(() =>
      storeActivities.writeBatchRecord.executeWithOptions({ summary: 'record the batch' }, [{ record }]),
    );
    if (cancelRequested()) {
      throw new CancelledFailure(`${manifest.batchId} was cancelled: ${detailsOf(progress())}`);
    }
    if (pages.length === 0) return record; // else its ceiling was raised just now
  }
}

async function planned(input: BatchInput): Promise<PlanBatchResult> {
  try {
    // Also after a cancel: an earlier run of this batch may have paid for what is to be collected.
    return await CancellationScope.nonCancellable(() =>
      storeActivities.planBatch.executeWithOptions({ summary: 'check the batch and write its manifest' }, [
        { input },
      ]),
    );
  } catch (error) {
    const cause = causeOf(error);
    throw ApplicationFailure.nonRetryable(cause.message, cause.type ?? 'InvalidInput');
  }
}

/**
 * With a ceiling, pages run one after the other, each with all that is left: shares of partitions that run side by side
 * would refuse scrapes in one while another gives money back. The rate of buying is the account's, not the partitions'.
 * Where many scrapes go into one call, a partition's share of the window has room for a full one.
 */
function sharesOf(input: BatchInput, plan: PlanBatchResult): { shares: number; share: number } {
  const window = wholeWindow(input, plan);
  const { manifest, pageTasks = 1 } = plan;
  if (ceilingOf(input)) return { shares: 1, share: window };
  const fullCalls = Math.max(1, Math.floor(window / pageTasks));
  const shares = Math.min(MAX_SHARES, manifest.pages, fullCalls);
  return { shares, share: Math.floor(window / shares) };
}

function wholeWindow({ window }: BatchInput, { defaultWindow = DEFAULT_WINDOW }: PlanBatchResult): number {
  return window ?? defaultWindow;
}

/** With `endedBefore`, which a record does not have. */
function sumOf({ batchId, total }: Manifest, parts: ReadonlyMap<number, PartitionResult>): PartitionResult {
  const { inFlight: _, ...sums } = sumProgress(batchId, total, [...parts.values()]);
  return sums;
}

function detailsOf(progress: BatchProgress): string {
  const money = formatCharge(addCharges(progress.charge, progress.possiblySpent));
  const { ceiling } = progress;
  return describeProgress(
    progress,
    `${money} spent${ceiling ? ` of at most ${formatCeiling(ceiling)}` : ''}`,
  );
}
