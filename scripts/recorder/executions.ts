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

/** `temporal workflow reset`, to the first workflow task or to the last that has ended; returns the new run. */
export async function reset(
  { client }: RecordingSystem,
  workflowId: string,
  to: 'first' | 'last' = 'first',
): Promise<Execution> {
  const { runId } = await client.workflow.getHandle(workflowId).describe();
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const tasks = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
  const answer = await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId, runId },
    workflowTaskFinishEventId: tasks.at(to === 'first' ? 0 : -1)?.eventId ?? null,
    requestId: `${workflowId}-reset`,
    reason: 'recorded for replay',
  });
  return { workflowId, runId: answer.runId };
}
