import { describe, expect, it } from 'vitest';
import { createAccountGate } from '../../src/activities/account-gate.ts';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import { loadPage } from '../../src/activities/load-page.ts';
import { planBatch } from '../../src/activities/plan-batch.ts';
import { submitPage } from '../../src/activities/submit-page.ts';
import { submit } from '../../src/activities/submit.ts';
import { ceilingFields, limitTo } from '../../src/contracts/ceiling.ts';
import { toRef } from '../../src/contracts/to-ref.ts';
import { Budget } from '../../src/ledger/budget.ts';
import { createDataForSeoBench, MINUTE_MS } from './dataforseo-bench.ts';
import type { DataForSeoBench } from './dataforseo-bench.ts';

const HALF_MORE = { pricePercent: { serp: 150, ai_optimization: 150 } };
const inputOf = (scrapeId: string) => ({
  scraper: 'dataforseo/google-images',
  prompt: `question of ${scrapeId}`,
});

async function createBench(knobs: Parameters<typeof createDataForSeoBench>[0]): Promise<DataForSeoBench> {
  const clock: { bench?: DataForSeoBench } = {};
  const gate = createAccountGate(() => clock.bench?.now() ?? 0, MINUTE_MS);
  const bench = await createDataForSeoBench(knobs, { gate });
  clock.bench = bench;
  return bench;
}

const buyOne = (deps: ActivityDeps, scrapeId: string) => {
  const input = inputOf(scrapeId);
  return submit(deps, { ref: toRef(scrapeId, input), input, n: 1 });
};
const ledgerOf = async (bench: DataForSeoBench) => (await bench.control.dataforseo.ledger()).tasks;
const countOf = async (bench: DataForSeoBench, call: string): Promise<number> =>
  (await bench.control.dataforseo.calls()).calls.filter((one) => one.call === call).length;

describe('an account that pays more than is documented', () => {
  it('is reserved for what it pays, from its first purchase on and with one question', async () => {
    const bench = await createBench(HALF_MORE);
    const { deps } = bench;
    const rows = ['a', 'b', 'c'].map((name) => ({ scrapeId: `scrape/${name}`, input: inputOf(name) }));
    expect((await submitPage(deps, { rows })).map(({ kind }) => kind)).toEqual(rows.map(() => 'receipt'));
    expect(await buyOne(deps, 'scrape/alone')).toMatchObject({ kind: 'receipt' });
    for (const id of ['scrape/a', 'scrape/c', 'scrape/alone']) {
      expect(await bench.store.journal.read(id, 1)).toMatchObject({
        intent: { bound: { usdMicros: 900 } },
        receipt: { charge: { usdMicros: 900 } },
      });
    }
    expect(await countOf(bench, 'user_data')).toBe(1);
  });

  it('never passes a ceiling, and all is bought that fits under it', async () => {
    const bench = await createBench(HALF_MORE);
    const { deps } = bench;
    const prompts = Array.from({ length: 8 }, (_, n) => `red kettle ${n}`);
    const batch = { name: 'dear', prompts, scrapers: ['dataforseo/google-images'], maxUsd: 0.005 };
    const { manifest } = await planBatch(deps, { input: batch });
    const { rows } = await loadPage(deps, { batchId: manifest.batchId, page: 1 });
    // As a partition does it: each scrape is granted its bound, and may not spend more.
    const ceiling = { usdMicros: 5_000 };
    const budget = new Budget(ceiling);
    const granted = rows.filter(({ bound }) => budget.grant(bound));
    const outcomes = await submitPage(deps, {
      rows: granted.map(({ scrapeId, input, bound }) => ({
        scrapeId,
        input: { ...input, ...ceilingFields(limitTo(bound, ceiling)) },
      })),
    });
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: 5 }, () => 'receipt'));
    expect((await ledgerOf(bench)).map(({ chargedMicros }) => chargedMicros)).toEqual([
      900, 900, 900, 900, 900,
    ]);
  });

  it('is bought on by the documented prices while it does not tell its own', async () => {
    const bench = await createBench({ durationMs: 1_000 });
    await bench.control.dataforseo.script({
      on: 'call',
      call: 'user_data',
      steps: [{ fault: 'drop-before' }],
    });
    expect(await buyOne(bench.deps, 'scrape/1')).toMatchObject({ kind: 'receipt' });
    expect(await bench.store.journal.read('scrape/1', 1)).toMatchObject({
      intent: { bound: { usdMicros: 600 } },
    });
  });
});

describe('a price that rises after it was read', () => {
  it('stops buying, is read again, and is reserved from then on', async () => {
    const bench = await createBench({});
    const { deps } = bench;
    await buyOne(deps, 'scrape/1');
    await bench.control.dataforseo.setKnobs(HALF_MORE);
    expect(await buyOne(deps, 'scrape/2')).toMatchObject({ receipt: { charge: { usdMicros: 900 } } });
    const posts = await countOf(bench, 'task_post');
    await expect(buyOne(deps, 'scrape/3')).rejects.toMatchObject({
      type: 'AccountBlocked',
      nonRetryable: false,
      nextRetryDelay: 1_000,
    });
    expect(await countOf(bench, 'task_post')).toBe(posts);
    expect(await buyOne(deps, 'scrape/3')).toMatchObject({ kind: 'receipt' });
    expect(await bench.store.journal.read('scrape/3', 1)).toMatchObject({
      intent: { bound: { usdMicros: 900 } },
    });
  });

  it('keeps buying stopped, and says which price it was, while nothing explains it', async () => {
    const bench = await createBench({});
    const { deps } = bench;
    await bench.control.dataforseo.script({ on: 'task', steps: [{ faults: ['overcharged'] }] });
    await buyOne(deps, 'scrape/1');
    const posts = await countOf(bench, 'task_post');
    const questions = await countOf(bench, 'user_data');
    for (const minute of [1, 2, 3]) {
      await expect(buyOne(deps, 'scrape/2')).rejects.toThrow(
        /scrape\/1 cost \$0\.0012 where \$0\.0006 was the most.*do not explain it/,
      );
      await expect(buyOne(deps, 'scrape/3')).rejects.toMatchObject({ type: 'AccountBlocked' });
      expect(await countOf(bench, 'user_data')).toBe(questions + minute);
      await bench.advance(MINUTE_MS + 200);
    }
    // Nor does an answer without prices.
    await bench.control.dataforseo.script({
      on: 'call',
      call: 'user_data',
      steps: [{ fault: 'drop-before' }],
    });
    await expect(buyOne(deps, 'scrape/2')).rejects.toThrow('scrape/1 cost $0.0012');
    expect(await countOf(bench, 'task_post')).toBe(posts);
    expect(await bench.store.journal.readAll('scrape/2')).toEqual([]);
  });
});
