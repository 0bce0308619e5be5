import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gleaner } from '../../src/client/connect-gleaner.ts';
import { until } from '../support/scrapes.ts';
import { createSystem } from '../support/system.ts';
import type { TestSystem } from '../support/system.ts';
import { connectTo } from './gleaner-support.ts';

let system: TestSystem;
let gleaner: Gleaner;
beforeAll(async () => {
  system = await createSystem({ knobs: { attemptFailureRate: 0, durationMs: 2_000 } });
  gleaner = await connectTo(system);
});
afterAll(async () => {
  await gleaner.close();
  await system.close();
});

const SCRAPERS = ['scrapellm/chatgpt'];
const promptsOf = (name: string): string[] => Array.from({ length: 6 }, (_, n) => `question ${n} of ${name}`);

async function asked(): Promise<number> {
  return (await system.control.ledger()).jobs.filter(({ prompt }) => prompt.startsWith('question of')).length;
}

describe('a higher ceiling for a batch that runs', () => {
  it('buys what the lower one had no room for, up to the new one, and never lowers it', async () => {
    const input = { name: 'raised', prompts: promptsOf('raised'), scrapers: SCRAPERS, maxCredits: 7 };
    await gleaner.startBatch(input);
    await until(async () => {
      const { jobs } = await system.control.ledger();
      return jobs.length === 2;
    }, 'all that fits is bought');
    expect(await gleaner.startBatch({ ...input, maxCredits: 3 })).toMatchObject({
      attached: true,
      ceiling: { credits: 7 },
    });
    expect(await gleaner.startBatch({ ...input, maxCredits: 15 })).toMatchObject({
      attached: true,
      raised: true,
      ceiling: { credits: 15 },
    });
    await until(async () => {
      const { progress } = await gleaner.batchStatus('batch/raised');
      return progress.ceiling?.credits === 15;
    }, 'the batch knows');
    expect(await gleaner.waitForBatch('batch/raised')).toMatchObject({
      counts: { done: 5, refused: 1 },
      charge: { credits: 15 },
      ceiling: { credits: 15 },
    });
    expect((await system.control.ledger()).jobs).toHaveLength(5);
    // The record has the ceiling that held, so that the same command has nothing to raise.
    expect(await gleaner.startBatch({ ...input, maxCredits: 15 })).toMatchObject({ attached: true });
  });

  it('counts for one purchase too, once the batch is started again, and nothing was sent before', async () => {
    const prompts = [{ prompt: 'question of dear' }, { prompt: 'question of cheap', maxCharge: '3 credits' }];
    const input = { name: 'dear', prompts, scrapers: SCRAPERS, maxCharge: '2 credits' };
    await gleaner.startBatch(input);
    expect(await gleaner.waitForBatch('batch/dear')).toMatchObject({ counts: { done: 1, refused: 1 } });
    expect(await asked()).toBe(1);
    expect(await gleaner.startBatch(input)).toMatchObject({ attached: true });
    await gleaner.startBatch({ ...input, maxCharge: '3 credits' });
    expect(await gleaner.waitForBatch('batch/dear')).toMatchObject({ counts: { done: 2 } });
    expect(await asked()).toBe(2);
  });

  it('is not taken from a signal that makes no sense, and a batch without one stays without', async () => {
    const input = { name: 'free', prompts: promptsOf('free'), scrapers: SCRAPERS };
    await gleaner.startBatch(input);
    const handle = system.client.workflow.getHandle('batch/free');
    for (const sense of [undefined, 'more', { maxCredits: 'all' }, { maxUsd: -1 }, { maxCredits: 3 }]) {
      await handle.signal('raiseCeiling', sense);
    }
    const record = await gleaner.waitForBatch('batch/free');
    expect(record.counts.done).toBe(6);
    expect(record.ceiling).toBeUndefined();
  });
});
