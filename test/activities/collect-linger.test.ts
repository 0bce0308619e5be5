import { describe, expect, it } from 'vitest';
import { collect } from '../../src/activities/collect.ts';
import type { CollectResult, CollectorRun } from '../../src/activities/collect.ts';
import { COLLECT_TIMING } from '../../src/activities/deps.ts';
import { HintBook } from '../../src/activities/hint-book.ts';
import { createDataForSeoBench, MINUTE_MS } from './dataforseo-bench.ts';
import type { DataForSeoBench } from './dataforseo-bench.ts';

const ORGANIC = 'dataforseo/google-organic';

function createBench(): Promise<DataForSeoBench> {
  const knobs = { durationMs: MINUTE_MS, listLagMs: 0 };
  return createDataForSeoBench(knobs, { collecting: { ...COLLECT_TIMING, runMs: 5 * MINUTE_MS } });
}

function collectFor(
  bench: DataForSeoBench,
  forMs: number,
  changes: Partial<CollectorRun> = {},
): Promise<CollectResult> {
  const input = {
    provider: 'dataforseo',
    account: 'simulator',
    wishes: bench.wishes([ORGANIC], forMs),
  } as const;
  return collect(bench.deps, input, bench.run(changes), new HintBook());
}

describe('a collector of which nothing is wanted for the moment', () => {
  it('reads nothing and stays in its run while scrapes wait for their turn, until one wants it again', async () => {
    const bench = await createBench();
    const begin = bench.now();
    let wishes = bench.wishes([ORGANIC], MINUTE_MS);
    const result = await collectFor(bench, MINUTE_MS, {
      async wishes() {
        const isBoughtAgain = bench.now() - begin > 7 * MINUTE_MS && wishes.signals === 1;
        if (isBoughtAgain) wishes = { ...bench.wishes([ORGANIC], MINUTE_MS), signals: 2 };
        return wishes;
      },
    });
    // Its time was up at five minutes, but what wants nothing does not end a run to begin another one.
    expect(result).toMatchObject({ nobodyWaits: false, signals: 2 });
    expect(bench.now() - begin).toBeGreaterThan(7 * MINUTE_MS);
    const { calls } = await bench.control.dataforseo.calls();
    const listedMs = calls.filter(({ call }) => call === 'tasks_ready').map(({ atMs }) => atMs - begin);
    expect(listedMs.length).toBeGreaterThan(15);
    expect(Math.max(...listedMs)).toBeLessThanOrEqual(MINUTE_MS);
  });

  it('ends once no scrape runs', async () => {
    const bench = await createBench();
    const begin = bench.now();
    const result = await collectFor(bench, 1_000, { isAnybodyWaiting: NOBODY });
    expect(result).toMatchObject({ nobodyWaits: true });
    expect(bench.now() - begin).toBeLessThan(3 * MINUTE_MS);
  });

  it('ends ten minutes later if scrapes run that want nothing', async () => {
    const bench = await createBench();
    const begin = bench.now();
    expect(await collectFor(bench, MINUTE_MS)).toMatchObject({ nobodyWaits: true });
    expect(bench.now() - begin).toBeGreaterThanOrEqual(11 * MINUTE_MS);
    expect(bench.now() - begin).toBeLessThan(12 * MINUTE_MS);
  });
});

const NOBODY = async (): Promise<boolean> => false;
