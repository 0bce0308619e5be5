import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchInput } from '../../src/contracts/batch.ts';
import { scrapersOf } from '../../src/contracts/scrapers.ts';
import { uniquePrompt, until } from '../support/scrapes.ts';
import { creditsOf, openIntents, problemsOf, readBooks } from './books.ts';
import type { Book } from './books.ts';
import { createWorld, startBatch } from './world.ts';
import type { ChaosWorld } from './world.ts';

let world: ChaosWorld;
beforeAll(async () => {
  // Five purchases a second and a life of a second or two each: in the middle, some scrapes are in each state.
  world = await createWorld({ speed: 10, submitsPerSecond: 5, knobs: { attemptFailureRate: 0 } });
});
afterAll(() => world.close());

function batchOf(name: string, more: Partial<BatchInput> = {}): BatchInput {
  const prompts = Array.from({ length: 3 }, () => uniquePrompt());
  return { name, prompts, scrapers: scrapersOf('scrapellm'), ...more };
}

/** Runs a batch until some of it is done and some is bought and open, then loses the worker and its database. */
async function loseDatabaseInTheMiddleOf(input: BatchInput): Promise<Book[]> {
  const space = await world.newDatabase();
  const worker = await world.startWorker(space);
  await startBatch(space, input);
  const id = `batch/${input.name}`;
  await until(async () => {
    const books = await readBooks(world, id);
    return books.filter(isDone).length >= 2 && books.filter(isBoughtAndOpen).length >= 3;
  }, 'some are done, some are bought and open');
  await worker.kill();
  return readBooks(world, id);
}

/** The same batch in an empty database, to its end. */
async function runAnew(input: BatchInput) {
  const space = await world.newDatabase();
  const worker = await world.startWorker(space);
  const record = await (await startBatch(space, input)).result();
  await worker.kill();
  return { record, books: await readBooks(world, `batch/${input.name}`) };
}

describe('a batch whose Temporal database is lost', () => {
  it('is started again: nothing is bought again, what was bought is collected, the rest is bought', async () => {
    const input = batchOf('lost');
    const before = await loseDatabaseInTheMiddleOf(input);
    const doubted = openIntents(before);
    expect(before.some(({ jobs }) => jobs.length === 0)).toBe(true);

    const { record, books } = await runAnew(input);
    expect(problemsOf(books)).toEqual([]);
    expect(books.filter(({ jobs }) => jobs.length > 1)).toEqual([]);
    expect(record.counts).toMatchObject({ done: 21 - doubted.length, unknown: doubted.length, open: 0 });
    expect(books.filter(isUnknown).map(({ scrapeId }) => scrapeId)).toEqual(doubted);
    expect(record.charge.credits).toBe(creditsOf(books).charge);

    // Once more, now that it is complete: a third empty database finds everything without a call.
    const callsBefore = (await world.control.state()).calls;
    const third = await runAnew(input);
    expect((await world.control.state()).calls).toEqual(callsBefore);
    expect(third.books).toEqual(books);
    const { counts, charge, possiblySpent, refundExpected } = record;
    expect(third.record).toMatchObject({ counts, charge, possiblySpent, refundExpected });
    for (const { record } of third.books)
      if (record?.result) await world.store.results.readRaw(record.result);
  });

  it('keeps its ceiling: what was spent before the loss counts', async () => {
    const input = batchOf('capped', { maxCredits: 36, maxSubmissions: 1 });
    await loseDatabaseInTheMiddleOf(input);
    const { record, books } = await runAnew(input);
    expect(problemsOf(books)).toEqual([]);
    const { ledger, charge, possiblySpent } = creditsOf(books);
    expect(ledger).toBeLessThanOrEqual(36);
    expect(charge + possiblySpent).toBe(36);
    expect(record.counts).toMatchObject({ refused: 9, open: 0 });
  });

  it('and that is then cancelled at once buys nothing more and collects what was bought', async () => {
    const input = batchOf('cancelled', { prompts: Array.from({ length: 8 }, () => uniquePrompt()) });
    const before = await loseDatabaseInTheMiddleOf(input);
    const doubted = openIntents(before);
    const jobsBefore = before.flatMap(({ jobs }) => jobs).length;
    const paid = before.filter(({ submissions }) => submissions.some(({ receipt }) => receipt)).length;
    expect(paid + doubted.length).toBeLessThan(56);

    const space = await world.newDatabase();
    const handle = await startBatch(space, input);
    await handle.cancel();
    const worker = await world.startWorker(space);
    await expect(handle.result()).rejects.toThrow(/cancelled/i);
    await worker.kill();
    const books = await readBooks(world, `batch/${input.name}`);
    expect(problemsOf(books)).toEqual([]);
    expect(books.flatMap(({ jobs }) => jobs)).toHaveLength(jobsBefore);
    const record = await world.store.batches.readRecord(`batch/${input.name}`);
    expect(record?.counts).toMatchObject({
      done: paid,
      unknown: doubted.length,
      cancelled: 56 - paid - doubted.length,
      open: 0,
    });
  });
});

function isDone({ record }: Book): boolean {
  return record?.outcome === 'done';
}

function isUnknown({ record }: Book): boolean {
  return record?.outcome === 'unknown';
}

function isBoughtAndOpen({ submissions }: Book): boolean {
  return submissions.some(({ receipt, verdict }) => receipt && !verdict);
}
