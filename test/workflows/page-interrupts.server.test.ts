import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchRecord } from '../../src/contracts/batch.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { counts, resetWorkflow, startBatch } from '../support/batches.ts';
import { createPageSystem, dataForSeoBatch } from '../support/pages.ts';
import type { PageSystem } from '../support/pages.ts';
import { ending, until } from '../support/scrapes.ts';

let system: PageSystem;
beforeAll(async () => {
  system = await createPageSystem();
});
afterAll(() => system.close());

describe('a cancel', () => {
  it('while the account cannot buy ends the batch with nothing bought', async () => {
    const input = dataForSeoBatch(4);
    const steps = Array.from({ length: 30 }, () => ({ fault: 'root-error' as const, code: 40_202 }));
    await system.scriptPosts(...steps);
    const handle = await startBatch(system, input);
    const refused = async (): Promise<unknown> => (await system.submissionOf(input, 0))?.refused;
    await until(refused, 'the page is refused once');
    await handle.cancel();
    expect((await ending(handle)).type).toBe('CancelledFailure');
    await system.scriptPosts();
    const record = await system.store.batches.readRecord(`batch/${input.name}`);
    expect(record?.counts).toEqual(counts({ cancelled: 4 }));
    expect(await system.tasksOf(input)).toHaveLength(0);
    expect((await system.run(input)).counts).toEqual(counts({ done: 4 }));
  });

  it('while the page is being bought collects everything that it bought', async () => {
    const input = dataForSeoBatch(4);
    const step = { fault: 'slow' as const, ms: 1_500 };
    await system.scriptPosts(step);
    const handle = await startBatch(system, input);
    await until(async () => (await system.tasksOf(input)).length === 4, 'the tasks are made');
    await handle.cancel();
    expect((await ending(handle)).type).toBe('CancelledFailure');
    const record = await system.store.batches.readRecord(`batch/${input.name}`);
    expect(record?.counts).toEqual(counts({ done: 4 }));
  });
});

describe('a cancel between a page and its scrapes', () => {
  it('collects everything that the page bought', async () => {
    const input = dataForSeoBatch(4);
    const step = { fault: 'slow' as const, ms: 1_000 };
    await system.scriptPosts(step);
    const handle = await startBatch(system, input);
    await until(async () => (await system.tasksOf(input)).length === 4, 'the tasks are made');
    await system.stopWorkers(); // the page ends, and nobody is there to hear of it
    expect((await system.submissionOf(input, 3))?.receipt).toBeDefined();
    await handle.cancel();
    await system.startAllWorkers();
    expect((await ending(handle)).type).toBe('CancelledFailure');
    const record = await system.store.batches.readRecord(`batch/${input.name}`);
    expect(record?.counts).toEqual(counts({ done: 4 }));
    expect(await system.tasksOf(input)).toHaveLength(4);
  });
});

describe('a reset after pages were bought', () => {
  it.each(['the batch', 'its partition'])('of %s buys nothing again and collects all', async (what) => {
    const input = dataForSeoBatch(4);
    const id = `batch/${input.name}`;
    const record = await system.withDuration(4_000, async () => {
      await startBatch(system, input);
      await until(async () => (await system.tasksOf(input)).length === 4, 'the page is bought');
      await resetWorkflow(system, what === 'the batch' ? id : `${id}/p1`);
      return (await system.client.workflow.getHandle(id).result()) as BatchRecord;
    });
    expect(record.counts).toEqual(counts({ done: 4 }));
    expect(await system.tasksOf(input)).toHaveLength(4);
  });
});

describe('a receipt that could not be written', () => {
  it('is written by the scrape before it is looked at', async () => {
    await system.stopWorkers();
    const { store } = system;
    const lost = new Set<string>();
    const journal: typeof store.journal = {
      ...store.journal,
      createReceipt: async (receipt) => {
        if (lost.has(receipt.scrapeId)) return store.journal.createReceipt(receipt);
        lost.add(receipt.scrapeId);
        throw new StoreError('unavailable', 'journal', 'full on purpose');
      },
    };
    await system.startAllWorkers({ store: { ...store, journal } });
    const input = dataForSeoBatch(3);
    const record = await system.run(input);
    await system.stopWorkers();
    await system.startAllWorkers();
    expect(lost.size).toBe(3);
    expect(record.counts).toEqual(counts({ done: 3 }));
    expect((await system.submissionOf(input, 0))?.receipt).toBeDefined();
  });
});
