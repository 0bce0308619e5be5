import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';

/** How a workflow stands that somebody waits for who is not its parent. `neverRan`: ended, and no line of it ever ran. */
export type Standing = 'open' | 'closed' | 'neverRan';

type Described = Pick<
  WorkflowExecutionDescription,
  'status' | 'historyLength' | 'startTime' | 'parentExecution' | 'raw'
>;

/** Longer than a server takes from creating a child to its first task. */
const FIRST_TASK_MS = 60_000;
/** A workflow that ran has five: it was started, a task was scheduled, started and completed, and that did something. */
const EVENTS_OF_ONE_THAT_RAN = 5;
const REASON = 'gleaner: its parent closed before it was given a task; it is started again';

/**
 * Reads how a workflow stands, and ends one that can never run: a child whose parent closed (was reset or terminated)
 * after the server had created it and before it had written so down. The server gives it no task, a cancel or a signal
 * does not move it, and it holds its id for ever (temporalio/temporal issues 2829 and 4812). Nothing of it has run, so
 * ending it loses nothing and buys nothing. If the process dies right after, the reason tells the next look.
 */
export async function standingOf(client: Client, workflowId: string): Promise<Standing> {
  const described = await describe(client, workflowId);
  if (!described) return 'closed';
  const { runId } = described;
  if (described.status.name !== 'RUNNING')
    return (await wasEndedByUs(client, described)) ? 'neverRan' : 'closed';
  const parent = described.parentExecution;
  if (!parent || !mayNeverRun(described, Date.now())) return 'open';
  const { workflowId: parentId, runId: parentRun } = parent;
  const closed = (await describe(client, parentId ?? '', parentRun ?? ''))?.status.name !== 'RUNNING';
  if (!closed) return 'open'; // the server has it in hand
  await client.workflow.getHandle(workflowId, runId).terminate(REASON);
  return 'neverRan';
}

/** Whether it was given no task in the time in which every workflow is given its first one; pure. */
export function mayNeverRun({ historyLength, startTime, raw }: Described, nowMs: number): boolean {
  return (
    !raw.pendingWorkflowTask &&
    historyLength < EVENTS_OF_ONE_THAT_RAN &&
    nowMs - startTime.getTime() > FIRST_TASK_MS
  );
}

async function wasEndedByUs(
  client: Client,
  { workflowId, runId, status, historyLength }: WorkflowExecutionDescription,
): Promise<boolean> {
  if (status.name !== 'TERMINATED' || historyLength > EVENTS_OF_ONE_THAT_RAN) return false;
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  return events?.at(-1)?.workflowExecutionTerminatedEventAttributes?.reason === REASON;
}

async function describe(
  client: Client,
  workflowId: string,
  runId?: string,
): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await client.workflow.getHandle(workflowId, runId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
