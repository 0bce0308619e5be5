import { WorkflowNotFoundError, type WorkflowExecutionDescription } from '@temporalio/client';
import { PROGRESS_QUERY } from '../contracts/messages.ts';
import type { ClientContext } from './client-context.ts';
import { GleanerError } from './gleaner-error.ts';
import type { Temporal } from './temporal.ts';
import { hasWorker } from './why-waiting.ts';

/** `ended` is with an outcome; `terminated`: ended from outside; `forgotten`: only the store still knows it. */
export type RunState = 'running' | 'ended' | 'cancelled' | 'failed' | 'terminated' | 'forgotten';

/** A worker that is there answers in milliseconds. */
const QUERY_TIMEOUT_MS = 5_000;

/** Undefined if Temporal does not know the id, or, where the store can answer, cannot be reached. */
export async function describeRun(
  context: ClientContext,
  id: string,
  stored: boolean,
): Promise<{ temporal: Temporal; description: WorkflowExecutionDescription } | undefined> {
  try {
    const temporal = await context.temporal();
    const description = await tryDescribe(temporal, id);
    return description && { temporal, description };
  } catch (error) {
    if (stored && error instanceof GleanerError && error.kind === 'no-server') return undefined;
    throw error;
  }
}

/** Undefined if Temporal does not know the id. */
export async function tryDescribe(
  { client }: Temporal,
  id: string,
): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await client.workflow.getHandle(id).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** What a workflow answers to `progress`; undefined without a worker, which a query would wait for. */
export async function queryProgress<T>(temporal: Temporal, id: string): Promise<T | undefined> {
  if (!(await hasWorker(temporal))) return undefined;
  const { client } = temporal;
  try {
    return await client.withDeadline(Date.now() + QUERY_TIMEOUT_MS, () =>
      client.workflow.getHandle(id).query<T>(PROGRESS_QUERY),
    );
  } catch {
    return undefined; // the worker ended just now, or is busy: the rest of the status is still true
  }
}

export function stateOf({ status }: WorkflowExecutionDescription): RunState {
  switch (status.name) {
    case 'RUNNING':
    case 'CONTINUED_AS_NEW':
    case 'PAUSED':
      return 'running';
    case 'COMPLETED':
      return 'ended';
    case 'CANCELLED':
      return 'cancelled';
    case 'FAILED':
      return 'failed';
    case 'TERMINATED':
    case 'TIMED_OUT':
    case 'UNKNOWN':
    case 'UNSPECIFIED':
      return 'terminated';
  }
}
