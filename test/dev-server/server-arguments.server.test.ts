import type { Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { connectClient } from '../../src/dev-server/connect.ts';

let connection: Connection;
beforeAll(async () => {
  connection = await connectClient({ address: inject('temporalAddress') });
});
afterAll(() => connection.close());

test('gives a task queue one partition, so that a rate limit is not split', async () => {
  const { activityTaskQueuePartitions } = await connection.workflowService.listTaskQueuePartitions({
    namespace: 'default',
    taskQueue: { name: 'any' },
  });
  expect(activityTaskQueuePartitions).toHaveLength(1);
});

test('answers a burst of lists far above the default of 10 a second', async () => {
  const begun = performance.now();
  for (let calls = 0; calls < 100; calls++) {
    await connection.workflowService.countWorkflowExecutions({ namespace: 'default' });
  }
  expect(performance.now() - begun).toBeLessThan(8000);
});
