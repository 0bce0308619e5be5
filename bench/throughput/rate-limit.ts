import type { Connection } from '@temporalio/client';
import {
  DEFAULT_ACCOUNT,
  DEFAULT_TASK_QUEUE,
  SIMULATOR_ACCOUNT,
  readQueue,
  submitQueue,
} from '../../src/contracts/ids.ts';
import type { ProviderName } from '../../src/contracts/scrapers.ts';

/** High enough that no limit of Gleaner's binds: then the machine is measured, not a limit. */
export const UNLIMITED_PER_SECOND = 10_000;

const QUEUES = { submit: submitQueue, read: readQueue };

/**
 * What `temporal task-queue config set --queue-rps-limit` does; it overrides the workers' own limits, which hold again when
 * it is `undefined`.
 */
export async function setRateLimit(
  connection: Connection,
  namespace: string,
  kind: keyof typeof QUEUES,
  requestsPerSecond: number | undefined,
  provider: ProviderName = 'scrapellm',
): Promise<void> {
  for (const account of [DEFAULT_ACCOUNT, SIMULATOR_ACCOUNT]) {
    await connection.workflowService.updateTaskQueueConfig({
      namespace,
      taskQueue: QUEUES[kind](DEFAULT_TASK_QUEUE, provider, account),
      // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- TASK_QUEUE_TYPE_ACTIVITY; the enum is in a package that is no direct dependency
      taskQueueType: 2,
      updateQueueRateLimit: {
        ...(requestsPerSecond !== undefined && { rateLimit: { requestsPerSecond } }),
        reason: 'a bench of Gleaner',
      },
    });
  }
}
