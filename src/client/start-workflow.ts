import { randomUUID } from 'node:crypto';
import { WorkflowExecutionAlreadyStartedError, type WorkflowStartOptions } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { Temporal } from './temporal.ts';

/** A run that was started, or that was there. */
export interface StandingRun {
  /** True if it was there before this call. */
  attached: boolean;
  runId: string;
  startedAt: Date;
  running: boolean;
}

/** Memo field that tells our start from somebody else's: the server answers both alike. */
const START_MEMO = 'startedBy';

/**
 * Starts a workflow once: a running or completed one of the same id is attached to, one that failed or was cancelled is
 * started again.
 */
export async function startOnce(
  temporal: Temporal,
  type: string,
  options: Pick<
    WorkflowStartOptions,
    'workflowId' | 'args' | 'staticSummary' | 'priority' | 'typedSearchAttributes'
  >,
  reuse: 'ALLOW_DUPLICATE_FAILED_ONLY' | 'ALLOW_DUPLICATE' = 'ALLOW_DUPLICATE_FAILED_ONLY',
): Promise<StandingRun> {
  const mark = randomUUID();
  try {
    await temporal.client.workflow.start(type, {
      ...options,
      taskQueue: temporal.taskQueue,
      memo: { [START_MEMO]: mark },
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: reuse,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  const { runId, startTime, status, memo } = await temporal.client.workflow
    .getHandle(options.workflowId)
    .describe();
  return {
    attached: memo?.[START_MEMO] !== mark,
    runId,
    startedAt: startTime,
    running: status.name === 'RUNNING',
  };
}

/** What a run (the latest by default) was started with; undefined if it had no input. */
export async function readStartInput(temporal: Temporal, id: string, runId?: string): Promise<unknown> {
  const { client, namespace } = temporal;
  const { history } = await client.connection.workflowService.getWorkflowExecutionHistory({
    namespace,
    execution: { workflowId: id, ...(runId !== undefined && { runId }) },
    maximumPageSize: 1,
  });
  const payloads = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads;
  const [input] = await decodeArrayFromPayloads(client.options.loadedDataConverter, payloads);
  return input;
}
