import type { Client } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils.js';

export interface HistoryCounts {
  events: number;
  /** What Temporal Cloud would bill, without heartbeats: they leave no event. */
  actions: number;
}

/** Reads one history; of a workflow with several runs the last. */
export async function readCounts(client: Client, workflowId: string): Promise<HistoryCounts> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const all = events ?? [];
  return { events: all.length, actions: all.reduce((sum, event) => sum + actionsOf(event), 0) };
}

/**
 * By https://docs.temporal.io/cloud/actions: a start, a timer, a signal, an upsert of search attributes and every attempt
 * of an activity are one action, a child is two. A child's own start and a signal's sending are in those.
 */
function actionsOf(event: NonNullable<History['events']>[number]): number {
  if (event.workflowExecutionStartedEventAttributes) {
    return event.workflowExecutionStartedEventAttributes.parentWorkflowExecution ? 0 : 1;
  }
  if (event.startChildWorkflowExecutionInitiatedEventAttributes) return 2;
  if (event.activityTaskStartedEventAttributes) return event.activityTaskStartedEventAttributes.attempt ?? 1;
  const one =
    event.timerStartedEventAttributes ??
    event.workflowExecutionSignaledEventAttributes ??
    event.upsertWorkflowSearchAttributesEventAttributes ??
    event.markerRecordedEventAttributes;
  return one ? 1 : 0;
}
