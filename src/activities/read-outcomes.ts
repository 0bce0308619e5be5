import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { ScrapeRecord } from '../contracts/scrape.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailures } from './failure-table.ts';
import { standingOf } from './standing.ts';

/**
 * A scrape that exists already because its parent was reset: its record, that it was ended from outside without one, or that
 * no line of it ran and its id is free again.
 */
export type AttachedOutcome =
  | { scrapeId: string; kind: 'running' }
  | { scrapeId: string; kind: 'recorded'; record: ScrapeRecord }
  | { scrapeId: string; kind: 'terminated' | 'neverRan' };

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
      const standing = await standingOf(client, scrapeId);
      const record = standing === 'closed' ? await deps.store.records.read(scrapeId) : undefined;
      if (standing === 'open') outcomes.push({ scrapeId, kind: 'running' });
      else if (standing === 'neverRan') outcomes.push({ scrapeId, kind: 'neverRan' });
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
  return (await standingOf(Context.current().client, workflowId)) === 'open';
}
