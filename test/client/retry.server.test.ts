import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gleaner } from '../../src/client/connect-gleaner.ts';
import type { BatchInput, BatchRecord } from '../../src/contracts/batch.ts';
import type { ScrapeRecord } from '../../src/contracts/scrape.ts';
import { counts, jobsOfBatch, newBatch, startBatch } from '../support/batches.ts';
import { ending, jobsOf, until } from '../support/scrapes.ts';
import { createSystem } from '../support/system.ts';
import type { TestSystem } from '../support/system.ts';
import { connectTo, refusal } from './gleaner-support.ts';

let system: TestSystem;
let gleaner: Gleaner;
let other: Gleaner;
beforeAll(async () => {
  system = await createSystem({ knobs: { attemptFailureRate: 0, durationMs: 200 } });
  gleaner = await connectTo(system);
  other = await connectTo(system);
});
afterAll(() => system.close());

/** Scrapes run one after the other, so that scripted faults meet the ones that are meant. */
function small(prompts: number, input: Partial<BatchInput> = {}): BatchInput & { name: string } {
  const batch = newBatch({ scrapers: ['scrapellm/chatgpt'], window: 1, maxSubmissions: 1, ...input });
  return { ...batch, prompts: Array.from({ length: prompts }, (_, i) => `question ${i} of ${batch.name}`) };
}

async function run(input: BatchInput, steps: string[] = []): Promise<BatchRecord> {
  await system.control.script({ on: 'submit', steps: steps.map((fault) => ({ fault })) as never });
  return (await (await startBatch(system, input)).result()) as BatchRecord;
}

async function retried(
  input: BatchInput,
  ...options: [Parameters<Gleaner['retryBatch']>[1]?]
): Promise<BatchRecord> {
  const { batchId, retryId } = await gleaner.retryBatch(`batch/${input.name}`, ...options);
  if (retryId === undefined) throw new Error('there was nothing to buy');
  return gleaner.waitForRetry({ batchId, retryId });
}

async function scrapesOf({ name }: BatchInput): Promise<Array<ScrapeRecord | undefined>> {
  const rows = await system.store.batches.readPage(`batch/${name}`, 1);
  return Promise.all(rows.map(({ scrapeId }) => system.store.records.read(scrapeId)));
}

describe('a retry', () => {
  it('buys each kind once more under the ceiling, changes parameters, and touches nothing that is done', async () => {
    const input = small(4, { maxCredits: 9 });
    const first = await run(input, ['fail-job', 'reset-before']);
    expect(first.counts).toEqual(counts({ failed: 1, unknown: 1, done: 1, refused: 1 }));
    const before = await scrapesOf(input);

    const preview = await gleaner.previewRetry(first.batchId);
    expect(preview).toMatchObject({ kind: 'new', counts: { failed: 1, unknown: 1, refused: 1 } });
    expect(preview).toMatchObject({ plan: { n: 1, total: 3, bound: { credits: 9 } }, left: { credits: 0 } });
    expect(await system.store.retries.latest(first.batchId)).toBe(0);

    // Nothing is left of the ceiling: everything stays what it was.
    const without = await retried(input);
    expect(without).toEqual({ ...first, endedAt: without.endedAt, retries: 1 });
    expect(await scrapesOf(input)).toEqual(before);
    expect(await jobsOfBatch(system, input.name)).toBe(2);

    const { runId } = await system.client.workflow.getHandle(before[2]?.scrapeId ?? '').describe();
    const record = await retried(input, { set: { bypass_cache: true }, maxCredits: 18 });
    expect(record).toMatchObject({ counts: counts({ done: 4 }), charge: { credits: 15 }, retries: 2 });
    expect(record).toMatchObject({ possiblySpent: { credits: 3 }, startedAt: first.startedAt });
    expect(record.ceiling).toEqual({ credits: 18 });
    expect(await system.store.batches.readRecord(record.batchId)).toEqual(record);
    const after = await scrapesOf(input);
    expect(after.map((scrape) => scrape?.submissions)).toEqual([2, 2, 1, 1]);
    expect(after[2]).toEqual(before[2]);
    expect((await system.client.workflow.getHandle(after[2]?.scrapeId ?? '').describe()).runId).toBe(runId);
    const jobs = await jobsOf(system, `question 0 of ${input.name}`);
    expect(jobs.map(({ params }) => params.bypassCache)).toEqual([false, true]);
    expect(await jobsOfBatch(system, input.name)).toBe(5);

    // Who knows nothing of the other parameters is told of the result, and not that the id is another scrape's.
    const [row] = await system.store.batches.readPage(record.batchId, 1);
    const again = await system.client.workflow.start('scrapeWorkflow', {
      taskQueue: 'gleaner',
      workflowId: row?.scrapeId ?? '',
      args: [row?.input],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    });
    expect((await ending(again)).record).toMatchObject({ outcome: 'done', submissions: 2 });
    expect(await gleaner.retryBatch(record.batchId)).toMatchObject({
      retryId: undefined,
      plan: { total: 0 },
    });
  });

  it('of what fails again is one purchase, and the same retry started again buys nothing', async () => {
    const input = small(2);
    await run(input, ['fail-job', 'fail-job']);
    await system.control.script({ on: 'submit', steps: [{ fault: 'fail-job' }, { fault: 'none' }] });
    const record = await retried(input, { only: ['failed'] });
    expect(record.counts).toEqual(counts({ failed: 1, done: 1 }));
    expect(record.charge).toEqual({ credits: 12 });
    const lost = await system.client.workflow.execute('batchWorkflow', {
      taskQueue: 'gleaner',
      workflowId: `lost-database/${input.name}`,
      args: [{ name: input.name, retry: 1 }],
    });
    expect(lost).toMatchObject({ counts: record.counts, charge: record.charge });
    expect(await jobsOfBatch(system, input.name)).toBe(4);
    expect((await retried(input)).counts).toEqual(counts({ done: 2 }));
    expect(await jobsOfBatch(system, input.name)).toBe(5);
  });

  it('collects an earlier purchase that turned up late instead of buying, also with nothing left of the ceiling', async () => {
    const input = small(2, { maxCredits: 6 });
    const first = await run(input, ['none', 'reset-after']);
    expect(first.counts).toEqual(counts({ done: 1, unknown: 1 }));
    const [done, unknown] = await system.store.batches.readPage(first.batchId, 1);
    const known = (await system.store.journal.read(done?.scrapeId ?? '', 1))?.receipt;
    const [job] = await jobsOf(system, `question 1 of ${input.name}`);
    if (!known || !job) throw new Error('nothing was bought');
    const late = { scrapeId: unknown?.scrapeId ?? '', taskId: job.jobId, submittedAt: job.createdAt };
    await system.store.journal.createReceipt({ ...known, ...late });
    const record = await retried(input, { only: ['unknown'] });
    expect(record).toMatchObject({ counts: counts({ done: 2 }), charge: { credits: 6 }, possiblySpent: {} });
    expect(await jobsOfBatch(system, input.name)).toBe(2);
  });

  it('of a cancelled batch buys what was not bought, and asked for twice at the same time is one', async () => {
    const input = small(6, { window: 2 });
    const batchId = `batch/${input.name}`;
    const handle = await startBatch(system, input);
    await until(async () => (await jobsOfBatch(system, input.name)) >= 1, 'one is bought');
    expect(await refusal(gleaner.retryBatch(batchId))).toMatchObject({ kind: 'conflict' });
    await handle.cancel();
    await ending(handle);
    const started = await Promise.all([gleaner.retryBatch(batchId), other.retryBatch(batchId)]);
    expect(started.map(({ retryId }) => retryId)).toEqual([`${batchId}/retry/1`, `${batchId}/retry/1`]);
    expect(started.filter(({ attached }) => attached)).toHaveLength(1);
    const record = await gleaner.waitForRetry({ batchId, retryId: `${batchId}/retry/1` });
    expect(record.counts).toEqual(counts({ done: 6 }));
    expect(await jobsOfBatch(system, input.name)).toBe(6);
  });

  it('that is cancelled leaves what it did not buy as it was', async () => {
    const input = small(3);
    await run(input, ['fail-job', 'fail-job', 'fail-job']);
    await system.control.setKnobs({ durationMs: 4_000 });
    const { batchId, retryId = '' } = await gleaner.retryBatch(`batch/${input.name}`, { window: 1 });
    await until(async () => (await jobsOfBatch(system, input.name)) > 3, 'one is bought again');
    await gleaner.cancel(batchId);
    const record = await gleaner.waitForRetry({ batchId, retryId });
    await system.control.setKnobs({ durationMs: 200 });
    expect(record.counts).toEqual(counts({ done: 1, failed: 2 }));
    expect(record.charge).toEqual({ credits: 12 });
    expect(await jobsOfBatch(system, input.name)).toBe(4);
  });
});
