import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BatchRecord } from '../../src/contracts/batch.ts';
import { counts, jobsOfBatch, newBatch, startBatch } from '../support/batches.ts';
import { createSystem } from '../support/system.ts';
import type { TestSystem } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await createSystem({ knobs: { attemptFailureRate: 0, durationMs: 500 } });
});
afterAll(() => system.close());

it('runs a scrape and a partition that were created and never given a task, and buys each scrape once', async () => {
  const names = ['scrape', 'partition'].map((what) => `left-${what}`);
  const [left, part] = names.map((name) =>
    newBatch({
      name,
      prompts: [`question 0 of ${name}`, `question 1 of ${name}`].map((prompt, n) => ({
        prompt,
        id: `q${n}`,
      })),
      scrapers: ['scrapellm/chatgpt'],
    }),
  );
  if (!left || !part) throw new Error('there are two');
  const scrapeId = 'batch/left-scrape/q1/scrapellm/chatgpt/1';
  await leave([scrapeId, 'scrapeWorkflow'], ['batch/left-partition/p1', 'partitionWorkflow']);
  const before = await system.client.workflow.getHandle(scrapeId).describe();
  expect(before).toMatchObject({ historyLength: 1, raw: { pendingWorkflowTask: null } });

  const batches = [await startBatch(system, left), await startBatch(system, part)];
  const records = (await Promise.all(batches.map((batch) => batch.result()))) as BatchRecord[];
  for (const record of records) expect(record.counts).toEqual(counts({ done: 2 }));
  for (const name of names) expect(await jobsOfBatch(system, name)).toBe(2);
  const after = await system.client.workflow.getHandle(scrapeId).describe();
  expect(after).toMatchObject({
    status: { name: 'COMPLETED' },
    parentExecution: { workflowId: 'batch/left-scrape/p1' },
  });
}, 240_000);

/** A parent starts each as its child and is over. */
async function leave(...children: Array<[workflowId: string, type: string]>): Promise<void> {
  const connection = await NativeConnection.connect({ address: system.address });
  const worker = await Worker.create({
    connection,
    namespace: system.namespace,
    taskQueue: 'orphans',
    workflowsPath: fileURLToPath(new URL('./orphan-workflows.ts', import.meta.url)),
  });
  await worker.runUntil(async () => {
    for (const [workflowId, type] of children) {
      const options = {
        taskQueue: 'orphans',
        workflowId: `parent of ${workflowId}`,
        args: [workflowId, type, {}],
      };
      await system.client.workflow.execute('leaveChild', options);
    }
  });
  await connection.close();
}
