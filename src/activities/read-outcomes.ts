import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { ScrapeRecord } from '../contracts/scrape.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailures } from './failure-table.ts';

/** A scrape that exists already because its parent was reset: its record, or that it was ended from outside without one. */
export type AttachedOutcome =
  | { scrapeId: string; kind: 'running' }
  | { scrapeId: string; kind: 'recorded'; record: ScrapeRecord }
  | { scrapeId: string; kind: 'terminated' };

/** Reads how scrapes stand whose workflows a reset parent cannot await; once a minute for all of them. */
export async function readOutcomes(
  deps: ActivityDeps,
  { scrapeIds }: { scrapeIds: string[] },
): Promise<AttachedOutcome[]> {
  return asFailures(async () => {
    const { client } = Context.current();
    const outcomes: AttachedOutcome[] = [];
    for (const scrapeId of scrapeIds) {
      // The record is read after the status: a workflow that closes in between has written it before.
      const open = await isOpen(client, scrapeId);
      const record = open ? undefined : await deps.store.records.read(scrapeId);
      if (open) outcomes.push({ scrapeId, kind: 'running' });
      else if (record) outcomes.push({ scrapeId, kind: 'recorded', record });
      else outcomes.push({ scrapeId, kind: 'terminated' });
    }
    return outcomes;
  });
}

/** Passes a parent's cancel on to children that belong to its run before the reset. */
export async function cancelWorkflows({ workflowIds }: { workflowIds: string[] }): Promise<void> {
  const { client } = Context.current();
  for (const workflowId of workflowIds) {
    try {
      await client.workflow.getHandle(workflowId).cancel();
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error; // closed by itself in the meantime
    }
  }
}

/** Whether a workflow is open; used to wait for a partition of a batch that was reset. */
export async function isWorkflowOpen({ workflowId }: { workflowId: string }): Promise<boolean> {
  return isOpen(Context.current().client, workflowId);
}

async function isOpen(client: Client, workflowId: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
