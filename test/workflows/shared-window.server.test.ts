import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BatchInput, BatchProgress, BatchRecord } from '../../src/contracts/batch.ts';
import { partitionId } from '../../src/contracts/ids.ts';
import { OUTCOMES } from '../../src/contracts/outcomes.ts';
import { scrapersOf } from '../../src/contracts/scrapers.ts';
import { counts, jobsOfBatch, newBatch, startBatch } from '../support/batches.ts';
import { until } from '../support/scrapes.ts';
import { createSystem } from '../support/system.ts';
import type { TestSystem } from '../support/system.ts';

const WINDOW = 24;
const SLOW_MS = 15_000;

let system: TestSystem;
beforeAll(async () => {
  system = await createSystem({ knobs: { attemptFailureRate: 0, durationMs: 500 } });
});
afterAll(() => system.close());

it('begins the next pages when only slow scrapes of the first are open, within the window', async () => {
  const input = await slowBatch();
  const handle = await startBatch(system, input);
  const record = (await handle.result()) as BatchRecord;
  expect(record.counts).toEqual(counts({ done: 84 }));
  expect(await jobsOfBatch(system, input.name)).toBe(84);
  const { events = [] } = await handle.fetchHistory();
  const begun = events?.flatMap((event) => event.startChildWorkflowExecutionInitiatedEventAttributes ?? []);
  expect(begun?.map(({ workflowId }) => workflowId)).toEqual(
    [1, 2, 3, 4, 5, 6, 7].map((page) => partitionId(record.batchId, page)),
  );
  const firstEnd = events?.findIndex((event) => event.childWorkflowExecutionCompletedEventAttributes) ?? 0;
  const before = events
    ?.slice(0, firstEnd)
    .filter((event) => event.startChildWorkflowExecutionInitiatedEventAttributes);
  expect(before?.length).toBeGreaterThanOrEqual(6);
  expect(await mostOpen(record.batchId, 7)).toBeLessThanOrEqual(WINDOW);
});

it('is cancelled with more pages running than it has shares: nothing is left open, what was paid is collected', async () => {
  const input = await slowBatch();
  const handle = await startBatch(system, input);
  await until(async () => {
    const { partitions = [] } = await progressOf(handle);
    return partitions.length > 4;
  }, 'a fifth page runs');
  await handle.cancel();
  await expect(handle.result()).rejects.toThrow('cancelled');
  const progress = await progressOf(handle);
  const ended = OUTCOMES.reduce((sum, outcome) => sum + progress.counts[outcome], 0);
  expect(ended).toBe(84);
  expect(progress.counts.open).toBe(0);
  expect(progress.counts.cancelled).toBeGreaterThan(0);
  expect(await jobsOfBatch(system, input.name)).toBe(progress.counts.done);
  expect(progress.charge).toEqual({ credits: 3 * progress.counts.done });
});

/** Seven pages of twelve scrapes, since pages have 200 KB at most; one scrape of each of the first four is slow. */
async function slowBatch(): Promise<BatchInput> {
  const scrapers = scrapersOf('scrapellm');
  const input = newBatch({ scrapers, samples: 6, window: WINDOW });
  const text = '🪔'.repeat(3_900);
  const steps = [{ fault: 'duration' as const, ms: SLOW_MS }];
  for (const name of [0, 2, 4, 6].flatMap((nth) => scrapers[nth] ?? [])) {
    await system.control.script({
      on: 'submit',
      scraper: name.replace('scrapellm/', '').replaceAll('-', '_'),
      steps,
    });
  }
  return { ...input, prompts: [1, 2].map((nth) => `${text} ${nth} of ${input.name}`) };
}

/** How many scrapes of the batch were open together at most, by the histories of its partitions. */
async function mostOpen(batchId: string, pages: number): Promise<number> {
  const changes: Array<{ at: bigint; by: number }> = [];
  for (let page = 1; page <= pages; page++) {
    const { events } = await system.client.workflow.getHandle(partitionId(batchId, page)).fetchHistory();
    for (const { eventTime, ...event } of events ?? []) {
      const at = BigInt(String(eventTime?.seconds ?? 0)) * 1_000_000_000n + BigInt(eventTime?.nanos ?? 0);
      if (event.startChildWorkflowExecutionInitiatedEventAttributes) changes.push({ at, by: 1 });
      if (event.childWorkflowExecutionCompletedEventAttributes) changes.push({ at, by: -1 });
    }
  }
  expect(changes).toHaveLength(2 * 84);
  let open = 0;
  let most = 0;
  for (const { by } of changes.toSorted((a, b) => Number(a.at - b.at) || a.by - b.by)) {
    open += by;
    most = Math.max(most, open);
  }
  expect(open).toBe(0);
  return most;
}

function progressOf(handle: WorkflowHandle): Promise<BatchProgress> {
  return handle.query<BatchProgress>('progress');
}
