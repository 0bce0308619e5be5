import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchInput, BatchProgress, BatchRecord } from '../../src/contracts/batch.ts';
import { addCharges } from '../../src/contracts/money.ts';
import { SCRAPERS } from '../../src/contracts/scrapers.ts';
import { ending, until } from '../support/scrapes.ts';
import { createSystem } from '../support/system.ts';
import type { TestSystem } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await createSystem({ knobs: { attemptFailureRate: 0, durationMs: 500 } });
});
afterAll(() => system.close());

let count = 0;
function newBatch(input: Partial<BatchInput> = {}): BatchInput {
  const name = `b${++count}`;
  const prompts = Array.from({ length: 3 }, (_, i) => `question ${i} of ${name}`);
  return { name, prompts, scrapers: ['scrapellm/chatgpt', 'scrapellm/perplexity'], ...input };
}

function startBatch(input: BatchInput): Promise<WorkflowHandle> {
  return system.client.workflow.start('batchWorkflow', {
    taskQueue: 'gleaner',
    workflowId: `batch/${input.name}`,
    args: [input],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
}

async function jobsOfBatch(name: string): Promise<number> {
  const { jobs } = await system.control.ledger();
  return jobs.filter(({ prompt }) => prompt.endsWith(`of ${name}`)).length;
}

const counts = (some: Partial<BatchRecord['counts']>): BatchRecord['counts'] => ({
  done: 0,
  empty: 0,
  failed: 0,
  expired: 0,
  unknown: 0,
  cancelled: 0,
  refused: 0,
  open: 0,
  ...some,
});

async function reset(workflowId: string, eventId = 4): Promise<void> {
  const { runId } = await system.client.workflow.getHandle(workflowId).describe();
  await system.client.workflowService.resetWorkflowExecution({
    namespace: system.namespace,
    workflowExecution: { workflowId, runId },
    workflowTaskFinishEventId: eventId as never,
    requestId: `${workflowId}-${Date.now()}`,
    reason: 'tried in a test',
  });
}

describe('a batch started with plain JSON', () => {
  it('buys every prompt from every scraper once and adds up', async () => {
    const input = newBatch({ scrapers: [...SCRAPERS], samples: 2 });
    const record = (await (await startBatch(input)).result()) as BatchRecord;
    expect(record).toMatchObject({ batchId: `batch/${input.name}`, total: 42, counts: counts({ done: 42 }) });
    expect(record.charge).toEqual({ credits: 126 });
    expect(await jobsOfBatch(input.name)).toBe(42);
    expect(await system.store.batches.readRecord(record.batchId)).toEqual(record);
    const one = await system.store.records.read(
      `batch/${input.name}/${await itemId(input)}/scrapellm/grok/2`,
    );
    expect(one).toMatchObject({ outcome: 'done', batchId: record.batchId, sample: 2 });
  });

  it('attaches when it is started again, and buys nothing', async () => {
    const input = newBatch();
    const first = await startBatch(input);
    const second = await startBatch(input);
    await first.result();
    expect(await second.result()).toEqual(await first.result());
    expect(await jobsOfBatch(input.name)).toBe(6);
  });

  it('refuses another manifest under a used name', async () => {
    const input = newBatch();
    await (await startBatch(input)).result();
    const other = await system.client.workflow.start('batchWorkflow', {
      taskQueue: 'gleaner',
      workflowId: `other-${input.name}`,
      args: [{ ...input, prompts: ['something else'] }],
    });
    const { type, message } = await ending(other);
    expect(type).toBe('InvalidInput');
    expect(message).toContain(`"${input.name}" is the name of another batch of 6 scrapes`);
    expect(await jobsOfBatch(input.name)).toBe(6);
  });

  it('answers progress while it runs, open ones included', async () => {
    const input = newBatch();
    const handle = await startBatch(input);
    const progress = await until(async () => {
      const seen = await handle.query<BatchProgress>('progress');
      return seen.total > 0 && seen;
    }, 'the manifest is read');
    const sum = Object.values(progress.counts).reduce((a, b) => a + b, 0);
    expect(sum).toBe(progress.total);
    await handle.result();
    expect((await handle.query<BatchProgress>('progress')).counts).toEqual(counts({ done: 6 }));
  });
});

describe('a ceiling', () => {
  it('is never passed: what does not fit is refused, with what was left and how to raise it', async () => {
    const input = newBatch({ maxCredits: 10, window: 6 });
    const record = (await (await startBatch(input)).result()) as BatchRecord;
    expect(record.counts).toEqual(counts({ done: 3, refused: 3 }));
    expect(record.charge).toEqual({ credits: 9 });
    expect(await jobsOfBatch(input.name)).toBe(3);
    const manifest = await system.store.batches.readPage(record.batchId, 1);
    const records = await Promise.all(manifest.map(({ scrapeId }) => system.store.records.read(scrapeId)));
    const refused = records.filter((scrape) => scrape?.outcome === 'refused');
    expect(refused).toHaveLength(3);
    expect(refused[0]?.failure?.message).toMatch(/ceiling of 10 credits 1 are left/);
  });

  it('buys everything once before anything twice, and then a failed one again if there is room', async () => {
    const input = newBatch({ maxCredits: 21, window: 6 });
    await system.control.script({ on: 'submit', steps: [{ fault: 'fail-job' }, { fault: 'fail-job' }] });
    const record = (await (await startBatch(input)).result()) as BatchRecord;
    expect(record.charge).toEqual({ credits: 21 });
    expect(record.refundExpected).toEqual({ credits: 6 });
    expect(record.counts).toEqual(counts({ done: 5, refused: 1 }));
    expect(await jobsOfBatch(input.name)).toBe(7);
  });

  it('counts possibly spent credits', async () => {
    const input = newBatch({ maxCredits: 9, window: 1 });
    await system.control.script({ on: 'submit', steps: [{ fault: 'reset-before' }] });
    const record = (await (await startBatch(input)).result()) as BatchRecord;
    expect(record.counts).toEqual(counts({ done: 2, unknown: 1, refused: 3 }));
    expect(addCharges(record.charge, record.possiblySpent)).toEqual({ credits: 9 });
  });

  it('sums what its items cost before it grants anything, also when the Temporal database was lost', async () => {
    const input = newBatch({ maxCredits: 9 });
    await (await startBatch(input)).result();
    const again = await system.client.workflow.start('batchWorkflow', {
      taskQueue: 'gleaner',
      workflowId: `lost-database/${input.name}`,
      args: [input],
    });
    const record = (await again.result()) as BatchRecord;
    expect(record.counts).toEqual(counts({ done: 3, refused: 3 }));
    expect(await jobsOfBatch(input.name)).toBe(3);
  });
});

describe('a cancelled batch', () => {
  it('stops buying, collects what is paid, counts what was not begun, and can be started again', async () => {
    const input = newBatch({
      window: 2,
      prompts: Array.from({ length: 10 }, (_, i) => `question ${i} of cancelled`),
    });
    const handle = await startBatch(input);
    await until(async () => (await jobsOfBatch('cancelled')) >= 2, 'two are bought');
    await handle.cancel();
    expect((await ending(handle)).type).toBe('CancelledFailure');
    const record = await system.store.batches.readRecord(`batch/${input.name}`);
    const bought = await jobsOfBatch('cancelled');
    expect(bought).toBeLessThan(20);
    expect(record?.counts).toEqual(counts({ done: bought, cancelled: 20 - bought }));

    const again = (await (await startBatch(input)).result()) as BatchRecord;
    expect(again.counts).toEqual(counts({ done: 20 }));
    expect(await jobsOfBatch('cancelled')).toBe(20);
  });
});

describe('a reset', () => {
  it('of a batch, a partition and a scrape that ended buys nothing again and counts right', async () => {
    const input = newBatch();
    const id = `batch/${input.name}`;
    await (await startBatch(input)).result();
    await reset(`${id}/p1`);
    await system.client.workflow.getHandle(`${id}/p1`).result();
    await reset(id);
    const record = (await system.client.workflow.getHandle(id).result()) as BatchRecord;
    expect(record.counts).toEqual(counts({ done: 6 }));
    expect(await jobsOfBatch(input.name)).toBe(6);
  });

  it('of a running batch waits for its partition instead of running it twice', async () => {
    await system.control.setKnobs({ durationMs: 4_000 });
    const input = newBatch();
    const id = `batch/${input.name}`;
    await startBatch(input);
    await until(async () => (await jobsOfBatch(input.name)) === 6, 'all are bought');
    await reset(id);
    const record = (await system.client.workflow.getHandle(id).result()) as BatchRecord;
    expect(record.counts).toEqual(counts({ done: 6 }));
    expect(await jobsOfBatch(input.name)).toBe(6);
    await system.control.setKnobs({ durationMs: 500 });
  });

  it('of a running partition attaches to the scrapes that run', async () => {
    await system.control.setKnobs({ durationMs: 4_000 });
    const input = newBatch();
    const id = `batch/${input.name}`;
    const handle = await startBatch(input);
    await until(async () => (await jobsOfBatch(input.name)) === 6, 'all are bought');
    // After its page was read, so that the new run believes that nothing was started: its children exist already.
    await reset(`${id}/p1`, 10);
    const record = (await handle.result()) as BatchRecord;
    expect(record.counts).toEqual(counts({ done: 6 }));
    expect(record.charge).toEqual({ credits: 18 });
    expect(await jobsOfBatch(input.name)).toBe(6);
    await system.control.setKnobs({ durationMs: 500 });
  });
});

describe('a scrape of a batch that is terminated from outside', () => {
  it('is counted, named in its record, and collected when its id is started again', async () => {
    await system.control.setKnobs({ durationMs: 4_000 });
    const input = newBatch({ prompts: ['question 0 of terminated'], scrapers: ['scrapellm/chatgpt'] });
    const id = `batch/${input.name}`;
    const handle = await startBatch(input);
    const scrapeId = await until(async () => {
      const [row] = await system.store.batches.readPage(id, 1).catch(() => []);
      return row && (await system.store.journal.read(row.scrapeId, 1))?.receipt && row.scrapeId;
    }, 'it is bought');
    await system.client.workflow.getHandle(scrapeId).terminate('tried in a test');
    const record = (await handle.result()) as BatchRecord;
    expect(record.counts).toEqual(counts({ cancelled: 1 }));
    expect(record.charge).toEqual({ credits: 3 });
    expect(await system.store.records.read(scrapeId)).toMatchObject({ failure: { type: 'Terminated' } });
    const again = await system.client.workflow.start('scrapeWorkflow', {
      taskQueue: 'gleaner',
      workflowId: scrapeId,
      args: [(await system.store.batches.readPage(id, 1))[0]?.input],
    });
    expect((await ending(again)).record).toMatchObject({ outcome: 'done', charge: { credits: 3 } });
    expect(await jobsOfBatch('terminated')).toBe(1);
    await system.control.setKnobs({ durationMs: 500 });
  });
});

async function itemId(input: BatchInput): Promise<string> {
  const [row] = await system.store.batches.readPage(`batch/${input.name}`, 1);
  return row?.input.item ?? '';
}
