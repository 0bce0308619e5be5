import type { WorkflowHandle } from '@temporalio/client';
import type { Receipt } from '../../src/contracts/journal.ts';
import type { HistoryCase } from '../../test/replay/history-cases.ts';
import { until } from './system.ts';
import type { RecordingSystem } from './system.ts';

/** One run of a workflow; its newest one if no run is named. */
export interface Execution {
  workflowId: string;
  runId?: string;
}

/** Makes one or more histories and says which runs they are. */
export interface Recording {
  cases: readonly HistoryCase[];
  record: (system: RecordingSystem) => Promise<Array<Execution & { name: HistoryCase }>>;
}

/** A recording whose names of cases and executions are kept in step by the compiler. */
export function recording<const C extends HistoryCase>(
  cases: readonly C[],
  record: (system: RecordingSystem) => Promise<Record<C, Execution>>,
): Recording {
  return {
    cases,
    record: async (system) => {
      const executions = await record(system);
      return cases.map((name) => {
        const { workflowId, runId } = executions[name];
        return { name, workflowId, ...(runId !== undefined && { runId }) };
      });
    },
  };
}

/** Waits until the run has ended, whichever way. */
export async function ended(handle: Pick<WorkflowHandle, 'result'>): Promise<void> {
  await handle.result().catch(() => undefined);
}

/** Waits until the scrape is bought. */
export function bought({ store }: RecordingSystem, scrapeId: string): Promise<Receipt> {
  return until(async () => (await store.journal.read(scrapeId, 1))?.receipt, `${scrapeId} is bought`);
}

/** `temporal workflow reset --type FirstWorkflowTask`; returns the new run. */
export async function reset({ client }: RecordingSystem, workflowId: string): Promise<Execution> {
  const { runId } = await client.workflow.getHandle(workflowId).describe();
  const answer = await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId, runId },
    workflowTaskFinishEventId: FIRST_TASK_COMPLETED,
    requestId: `${workflowId}-reset`,
    reason: 'recorded for replay',
  });
  return { workflowId, runId: answer.runId };
}

/** Started, scheduled, begun, completed: the fourth event. */
const FIRST_TASK_COMPLETED = 4 as never; // the SDK's type is Long, and protobufjs takes numbers too
