import { WorkflowNotFoundError } from '@temporalio/client';
import type { ClientContext } from './client-context.ts';
import { GleanerError } from './gleaner-error.ts';
import { notFound } from './wait.ts';

/** Asks a scrape or a batch to stop buying; what was paid for is still collected. Throws if it has ended or never was. */
export async function cancelWorkflow(context: ClientContext, id: string): Promise<void> {
  const { client } = await context.temporal();
  try {
    const handle = client.workflow.getHandle(id);
    const { status } = await handle.describe();
    if (status.name !== 'RUNNING') throw endedAlready(id, status.name);
    await handle.cancel();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    const { records, batches } = context.store;
    const known = (await records.read(id)) ?? (await batches.readRecord(id));
    throw known ? endedAlready(id, 'recorded') : notFound(id);
  }
}

function endedAlready(id: string, status: string): GleanerError {
  return new GleanerError(
    'ended',
    `${id} has ended already (${status.toLowerCase()}); see "gleaner status ${id}"`,
  );
}
