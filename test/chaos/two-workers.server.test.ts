import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ending, jobsOf, uniquePrompt, until } from '../support/scrapes.ts';
import { creditsOf, openIntents, problemsOf, readBooks } from './books.ts';
import { createWorld, startBatch, startScrape } from './world.ts';
import type { ChaosWorld } from './world.ts';

let world: ChaosWorld;
beforeAll(async () => {
  world = await createWorld({
    submitsPerSecond: 8,
    knobs: { attemptFailureRate: 0, submitFaults: { slow: 0.6 }, slowSubmitMs: 700 },
  });
});
afterAll(() => world.close());

describe('two worker processes on one store', () => {
  it('share a batch; when one is killed in the middle, nothing is bought twice and all that is paid is collected', async () => {
    const space = await world.newDatabase();
    const [doomed] = await Promise.all([world.startWorker(space), world.startWorker(space)]);
    const prompts = Array.from({ length: 30 }, () => uniquePrompt());
    const handle = await startBatch(space, { name: 'two', prompts, scrapers: ['scrapellm/chatgpt'] });
    await until(
      async () => (await readBooks(world, 'batch/two')).some(({ record }) => record),
      'one is done',
    );
    await doomed.kill();
    const intents = openIntents(await readBooks(world, 'batch/two')); // of both workers: the other goes on
    const { counts, possiblySpent } = await handle.result();

    const books = await readBooks(world, 'batch/two');
    expect(problemsOf(books)).toEqual([]);
    const unknown = books.filter(({ record }) => record?.outcome === 'unknown');
    expect(intents).toEqual(expect.arrayContaining(unknown.map(({ scrapeId }) => scrapeId)));
    expect(counts).toMatchObject({ done: 30 - unknown.length, unknown: unknown.length, open: 0 });
    expect(possiblySpent.credits ?? 0).toBe(3 * unknown.length);
    const credits = creditsOf(books);
    expect(credits.charge + credits.possiblySpent).toBeGreaterThanOrEqual(credits.ledger);
  });
});

describe('a worker that is told to stop (SIGTERM)', () => {
  it('finishes the purchase in flight and ends by itself; another worker collects it', async () => {
    const space = await world.newDatabase();
    const stopping = await world.startWorker(space);
    const prompt = uniquePrompt();
    await world.control.script({ on: 'submit', steps: [{ fault: 'slow', ms: 2_000 }] });
    const handle = await startScrape(space, { prompt });
    await until(async () => (await jobsOf(world, prompt)).length > 0, 'the job is made');
    expect((await world.store.journal.read(handle.workflowId, 1))?.receipt).toBeUndefined();
    stopping.signal('SIGTERM');
    expect(await stopping.exited).toEqual({ code: 0, signal: null });
    expect((await world.store.journal.read(handle.workflowId, 1))?.receipt).toBeDefined();

    await world.startWorker(space);
    const { record } = await ending(handle);
    expect(record).toMatchObject({
      outcome: 'done',
      submissions: 1,
      charge: { credits: 3 },
      possiblySpent: {},
    });
    expect(await jobsOf(world, prompt)).toMatchObject([{ collected: 1 }]);
  });
});
