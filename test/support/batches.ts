import type { WorkflowHandle } from '@temporalio/client';
import type { BatchInput, BatchRecord } from '../../src/contracts/batch.ts';
import { emptyCounts } from '../../src/contracts/outcomes.ts';
import type { TestSystem } from './system.ts';

/** `RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL` of Temporal's API. */
const SIGNALS = 1 as never;

let count = 0;

/** A batch that no other test uses: three questions to two scrapers. */
export function newBatch(input: Partial<BatchInput> = {}): BatchInput {
  const name = `b${++count}`;
  const prompts = Array.from({ length: 3 }, (_, i) => `question ${i} of ${name}`);
  return { name, prompts, scrapers: ['scrapellm/chatgpt', 'scrapellm/perplexity'], ...input };
}

export function startBatch(system: TestSystem, input: BatchInput): Promise<WorkflowHandle> {
  return system.client.workflow.start('batchWorkflow', {
    taskQueue: 'gleaner',
    workflowId: `batch/${input.name}`,
    args: [input],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
}

/** How many jobs the provider made for the questions of this batch. */
export async function jobsOfBatch(system: TestSystem, name: string): Promise<number> {
  const { jobs } = await system.control.ledger();
  return jobs.filter(({ prompt }) => prompt.endsWith(`of ${name}`)).length;
}

export function counts(some: Partial<BatchRecord['counts']>): BatchRecord['counts'] {
  return { ...emptyCounts(), ...some };
}

/** `temporal workflow reset --event-id`; 4 is the end of the first workflow task. `withoutSignals`: none of those after it. */
export async function resetWorkflow(
  system: Pick<TestSystem, 'client' | 'namespace'>,
  workflowId: string,
  eventId = 4,
  { withoutSignals = false } = {},
): Promise<void> {
  const { runId } = await system.client.workflow.getHandle(workflowId).describe();
  await system.client.workflowService.resetWorkflowExecution({
    namespace: system.namespace,
    workflowExecution: { workflowId, runId },
    workflowTaskFinishEventId: eventId as never,
    ...(withoutSignals && { resetReapplyExcludeTypes: [SIGNALS] }),
    requestId: `${workflowId}-${Date.now()}`,
    reason: 'tried in a test',
  });
}
