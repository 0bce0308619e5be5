import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchInput } from '../../src/contracts/batch.ts';
import { counts, newBatch } from '../support/batches.ts';
import { createPageSystem, dataForSeoBatch, questions } from '../support/pages.ts';
import type { PageSystem } from '../support/pages.ts';

let system: PageSystem;
beforeAll(async () => {
  system = await createPageSystem();
});
afterAll(() => system.close());

describe('a batch of both providers', () => {
  it('buys one provider’s tasks in one call a scraper, the other’s one by one, and each once', async () => {
    const scrapers = ['dataforseo/google-images', 'scrapellm/chatgpt', 'dataforseo/google-news'];
    const input = newBatch({ scrapers, prompts: questions(12) });
    const posts = await system.posts();
    const record = await system.run(input);
    expect(record.counts).toEqual(counts({ done: 36 }));
    expect(await system.tasksOf(input)).toHaveLength(24);
    expect(await jobsOf(input)).toBe(12);
    expect(await system.posts()).toBe(posts + 2);
  });
});

describe('a window smaller than the batch', () => {
  it('is never passed by a page, and the pages follow each other', async () => {
    const input = dataForSeoBatch(10, { window: 4 });
    const posts = await system.posts();
    const record = await system.run(input);
    expect(record.counts).toEqual(counts({ done: 10 }));
    expect(await system.tasksOf(input)).toHaveLength(10);
    expect(await system.posts()).toBe(posts + 3); // 4, 4, 2
  });
});

describe('a ceiling', () => {
  it('smaller than a page buys what fits in one call, and more as money comes back', async () => {
    const first = dataForSeoBatch(2);
    await system.run(first);
    const price = (await system.tasksOf(first))[0]?.chargedMicros ?? 0;
    expect(price).toBeGreaterThan(0);
    const input = dataForSeoBatch(6, { maxUsd: (4 * price) / 1_000_000 });
    await system.scriptTask(input, 1, { faults: ['rejected'], code: 40_501 });
    const posts = await system.posts();
    const record = await system.run(input);
    expect(record.charge).toEqual({ usdMicros: 4 * price });
    expect(record.counts).toEqual(counts({ done: 4, refused: 2 })); // one of them by the provider
    expect(await system.tasksOf(input)).toHaveLength(4);
    expect(await system.posts()).toBe(posts + 2);
  });
});

describe('what goes wrong in a page', () => {
  it('ends a refused task as refused with nothing spent, and its neighbours as done', async () => {
    const input = dataForSeoBatch(4);
    await system.scriptTask(input, 1, { faults: ['rejected'], code: 40_501 });
    const posts = await system.posts();
    const record = await system.run(input);
    expect(record.counts).toEqual(counts({ done: 3, refused: 1 }));
    expect(await system.tasksOf(input)).toHaveLength(3);
    expect(await system.posts()).toBe(posts + 1);
  });

  it('buys by itself what only this try was refused', async () => {
    const input = dataForSeoBatch(3);
    await system.scriptTask(input, 0, { faults: ['rejected'], code: 40_006 });
    const record = await system.run(input);
    expect(record.counts).toEqual(counts({ done: 3 }));
    expect(await system.tasksOf(input)).toHaveLength(3);
  });

  it('buys a failed task again, once and by itself', async () => {
    const input = dataForSeoBatch(3);
    await system.scriptTask(input, 2, { faults: ['engine-error'] });
    const record = await system.run(input);
    expect(record.counts).toEqual(counts({ done: 3 }));
    expect(await system.tasksOf(input)).toHaveLength(4);
  });

  it.each(['drop-before', 'drop-after'] as const)(
    'settles all tasks of a lost answer by a search (%s), and has each bought once in the end',
    async (fault) => {
      const input = dataForSeoBatch(3);
      await system.scriptPosts({ fault });
      const record = await system.run(input);
      expect(record.counts).toEqual(counts({ done: 3 }));
      expect(record.possiblySpent).toEqual({});
      const tasks = await system.tasksOf(input);
      expect(tasks).toHaveLength(3);
      expect(record.charge.usdMicros).toBe(tasks.reduce((sum, task) => sum + task.chargedMicros, 0));
    },
  );
});

async function jobsOf({ prompts = [] }: BatchInput): Promise<number> {
  const { jobs } = await system.control.ledger();
  return jobs.filter(({ prompt }) => prompts.includes(prompt)).length;
}
