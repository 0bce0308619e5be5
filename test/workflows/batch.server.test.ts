import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchInput, BatchProgress, BatchRecord } from '../../src/contracts/batch.ts';
import { addCharges } from '../../src/contracts/money.ts';
import { scrapersOf } from '../../src/contracts/scrapers.ts';
import { counts, jobsOfBatch, newBatch, startBatch } from '../support/batches.ts';
import { ending, until } from '../support/scrapes.ts';
import { createSystem } from '../support/system.ts';
import type { TestSystem } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await createSystem({ knobs: { attemptFailureRate: 0, durationMs: 500 } });
});
afterAll(() => system.close());

describe('a batch started with plain JSON', () => {
  it('buys every prompt from every scraper once and adds up', async () => {
    const input = newBatch({ scrapers: scrapersOf('scrapellm'), samples: 2 });
    const record = (await (await startBatch(system, input)).result()) as BatchRecord;
    expect(record).toMatchObject({ batchId: `batch/${input.name}`, total: 42, counts: counts({ done: 42 }) });
    expect(record.charge).toEqual({ credits: 126 });
    expect(await jobsOfBatch(system, input.name)).toBe(42);
    expect(await system.store.batches.readRecord(record.batchId)).toEqual(record);
    const one = await system.store.records.read(
      `batch/${input.name}/${await itemId(input)}/scrapellm/grok/2`,
    );
    expect(one).toMatchObject({ outcome: 'done', batchId: record.batchId, sample: 2 });
  });

  it('attaches when it is started again, and buys nothing', async () => {
    const input = newBatch();
    const first = await startBatch(system, input);
    const second = await startBatch(system, input);
    await first.result();
    expect(await second.result()).toEqual(await first.result());
    expect(await jobsOfBatch(system, input.name)).toBe(6);
  });

  it('refuses another manifest under a used name', async () => {
    const input = newBatch();
    await (await startBatch(system, input)).result();
    const other = await system.client.workflow.start('batchWorkflow', {
      taskQueue: 'gleaner',
      workflowId: `other-${input.name}`,
      args: [{ ...input, prompts: ['something else'] }],
    });
    const { type, message } = await ending(other);
    expect(type).toBe('InvalidInput');
    expect(message).toContain(`"${input.name}" is the name of another batch of 6 scrapes`);
    expect(await jobsOfBatch(system, input.name)).toBe(6);
  });

  it('is named by its workflow id where the input has no name, so that a schedule makes a batch a time', async () => {
    const { name, ...unnamed } = newBatch();
    const run = async (time: string): Promise<BatchRecord> =>
      system.client.workflow.execute('batchWorkflow', {
        taskQueue: 'gleaner',
        workflowId: `batch/weekly-${time}`,
        args: [unnamed],
      });
    expect((await run('2026-11-23T09:00:00Z')).batchId).toBe('batch/weekly-2026-11-23T09-00-00Z');
    expect((await run('2026-11-30T09:00:00Z')).batchId).toBe('batch/weekly-2026-11-30T09-00-00Z');
    expect(await jobsOfBatch(system, name)).toBe(12);
  });

  it('answers progress while it runs, open ones included', async () => {
    const input = newBatch();
    const handle = await startBatch(system, input);
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
    const record = (await (await startBatch(system, input)).result()) as BatchRecord;
    expect(record.counts).toEqual(counts({ done: 3, refused: 3 }));
    expect(record.charge).toEqual({ credits: 9 });
    expect(await jobsOfBatch(system, input.name)).toBe(3);
    const manifest = await system.store.batches.readPage(record.batchId, 1);
    const records = await Promise.all(manifest.map(({ scrapeId }) => system.store.records.read(scrapeId)));
    const refused = records.filter((scrape) => scrape?.outcome === 'refused');
    expect(refused).toHaveLength(3);
    expect(refused[0]?.failure?.message).toMatch(
      /ceiling of 10 credits 1 are left\..*may cost up to 3 credits/,
    );

    // Started by its id it has no share of the ceiling, and its batch may have spent it.
    const row = manifest.find(({ scrapeId }) => scrapeId === refused[0]?.scrapeId);
    const byItself = await system.client.workflow.start('scrapeWorkflow', {
      taskQueue: 'gleaner',
      workflowId: row?.scrapeId ?? '',
      args: [row?.input],
    });
    const { failure } = (await ending(byItself)).record ?? {};
    expect(failure?.message).toContain(`Start ${record.batchId} again under its name`);
    expect(await jobsOfBatch(system, input.name)).toBe(3);
  });

  it('buys everything once before anything twice, and then a failed one again if there is room', async () => {
    const input = newBatch({ maxCredits: 21, window: 6 });
    await system.control.script({ on: 'submit', steps: [{ fault: 'fail-job' }, { fault: 'fail-job' }] });
    const record = (await (await startBatch(system, input)).result()) as BatchRecord;
    expect(record.charge).toEqual({ credits: 21 });
    expect(record.refundExpected).toEqual({ credits: 6 });
    expect(record.counts).toEqual(counts({ done: 5, failed: 1 }));
    expect(await jobsOfBatch(system, input.name)).toBe(7);
  });

  it('counts possibly spent credits', async () => {
    const input = newBatch({ maxCredits: 9, window: 1 });
    await system.control.script({ on: 'submit', steps: [{ fault: 'reset-before' }] });
    const record = (await (await startBatch(system, input)).result()) as BatchRecord;
    expect(record.counts).toEqual(counts({ done: 2, unknown: 1, refused: 3 }));
    expect(addCharges(record.charge, record.possiblySpent)).toEqual({ credits: 9 });
  });

  it('holds over two workflows that run the same batch at the same time', async () => {
    const input = newBatch({ maxCredits: 9, window: 2 });
    const run = (workflowId: string): Promise<BatchRecord> =>
      system.client.workflow.execute('batchWorkflow', { taskQueue: 'gleaner', workflowId, args: [input] });
    const records = await Promise.all([run(`one/${input.name}`), run(`two/${input.name}`)]);
    for (const record of records) expect(record.counts).toEqual(counts({ done: 3, refused: 3 }));
    expect(await jobsOfBatch(system, input.name)).toBe(3);
  });

  it('sums what its items cost before it grants anything, also when the Temporal database was lost', async () => {
    const input = newBatch({ maxCredits: 9 });
    await (await startBatch(system, input)).result();
    const again = await system.client.workflow.start('batchWorkflow', {
      taskQueue: 'gleaner',
      workflowId: `lost-database/${input.name}`,
      args: [input],
    });
    const record = (await again.result()) as BatchRecord;
    expect(record.counts).toEqual(counts({ done: 3, refused: 3 }));
    expect(await jobsOfBatch(system, input.name)).toBe(3);
  });
});

describe('a cancelled batch', () => {
  it('stops buying, collects what is paid, counts what was not begun, and can be started again', async () => {
    const input = newBatch({
      window: 2,
      prompts: Array.from({ length: 10 }, (_, i) => `question ${i} of cancelled`),
    });
    const handle = await startBatch(system, input);
    await until(async () => (await jobsOfBatch(system, 'cancelled')) >= 2, 'two are bought');
    await handle.cancel();
    expect((await ending(handle)).type).toBe('CancelledFailure');
    const record = await system.store.batches.readRecord(`batch/${input.name}`);
    const bought = await jobsOfBatch(system, 'cancelled');
    expect(bought).toBeLessThan(20);
    expect(record?.counts).toEqual(counts({ done: bought, cancelled: 20 - bought }));

    const again = (await (await startBatch(system, input)).result()) as BatchRecord;
    expect(again.counts).toEqual(counts({ done: 20 }));
    expect(await jobsOfBatch(system, 'cancelled')).toBe(20);
  });
});

describe('a batch that is cancelled while it starts its scrapes', () => {
  it('buys nothing more within seconds, though the cancel has yet to reach most of them, and leaves none behind', async () => {
    const slow = await createSystem(
      { knobs: { attemptFailureRate: 0, durationMs: 500 } },
      { submitsPerSecond: 5 },
    );
    try {
      const prompts = Array.from({ length: 120 }, (_, i) => `question ${i} of stopped`);
      const input = newBatch({ window: 120, prompts, scrapers: ['scrapellm/chatgpt'] });
      const id = `batch/${input.name}`;
      const handle = await startBatch(slow, input);
      const { runId } = await handle.describe();
      await until(async () => (await jobsOfBatch(slow, 'stopped')) > 0, 'the first one is bought');
      await handle.cancel();
      await until(() => slow.store.batches.isRunStopped(id, runId), 'its end is known to all', 5_000);
      const before = await jobsOfBatch(slow, 'stopped');
      expect((await ending(handle)).type).toBe('CancelledFailure');
      const bought = await jobsOfBatch(slow, 'stopped');
      expect(bought - before).toBeLessThanOrEqual(3); // those that had looked already
      expect(bought).toBeLessThan(60);
      const record = await slow.store.batches.readRecord(id);
      expect(record?.counts).toEqual(counts({ done: bought, cancelled: 120 - bought }));
    } finally {
      await slow.close();
    }
  });
});

describe('a scrape of a batch that is terminated from outside', () => {
  it('is counted, named in its record, and collected when its id is started again', async () => {
    await system.control.setKnobs({ durationMs: 4_000 });
    const input = newBatch({ prompts: ['question 0 of terminated'], scrapers: ['scrapellm/chatgpt'] });
    const id = `batch/${input.name}`;
    const handle = await startBatch(system, input);
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
    expect(await jobsOfBatch(system, 'terminated')).toBe(1);
    await system.control.setKnobs({ durationMs: 500 });
  });
});

async function itemId(input: BatchInput): Promise<string> {
  const [row] = await system.store.batches.readPage(`batch/${input.name}`, 1);
  return row?.input.item ?? '';
}
