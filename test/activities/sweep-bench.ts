import { ApplicationFailure } from '@temporalio/common';
import { expect } from 'vitest';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import { reconcile } from '../../src/activities/reconcile.ts';
import type { SubmitResult } from '../../src/activities/purchase.ts';
import { sweep } from '../../src/activities/sweep.ts';
import type { SweepResult } from '../../src/activities/sweep.ts';
import type { SearchWindow } from '../../src/contracts/collector.ts';
import type { ScrapeRef } from '../../src/contracts/scrape.ts';
import type { DataForSeoKnobs } from '../../src/simulator/dataforseo/knobs.ts';
import { createDataForSeoBench } from './dataforseo-bench.ts';
import type { DataForSeoBench } from './dataforseo-bench.ts';

/** A bench whose collector sweeps what is wanted when it is told to. */
export async function createSweepBench(
  knobs: Partial<DataForSeoKnobs> = {},
  overrides: Partial<ActivityDeps> = {},
): Promise<
  DataForSeoBench & {
    wanted: SearchWindow[];
    /** Until when lists are wanted, simulator time; 0 if they were not. */
    listsUntilMs(): number;
    sweepWanted(): Promise<SweepResult>;
  }
> {
  const wanted: SearchWindow[] = [];
  let listsUntilMs = 0;
  const collector = {
    want: async (_account: string, _scraper: string, untilMs: number) => {
      listsUntilMs = Math.max(listsUntilMs, untilMs);
    },
    wantSweep: async (_provider: string, _account: string, window: SearchWindow) => void wanted.push(window),
  };
  const bench = await createDataForSeoBench({ searchLagMs: 0, ...knobs }, { collector, ...overrides });
  const sweepWanted = (): Promise<SweepResult> => {
    const windows = wanted
      .splice(0)
      .filter(({ from }, i, all) => all.findIndex((w) => w.from === from) === i);
    const family = windows[0]?.family ?? '';
    return sweep(bench.deps, { provider: 'dataforseo', account: 'simulator', family, windows }, bench.run());
  };
  return { ...bench, wanted, sweepWanted, listsUntilMs: () => listsUntilMs };
}
export type SweepBench = Awaited<ReturnType<typeof createSweepBench>>;

/** What `reconcile` says: its result, or the failure with which it waits. */
export async function ask(
  bench: SweepBench,
  ref: ScrapeRef,
  n = 1,
): Promise<SubmitResult | ApplicationFailure> {
  return reconcile(bench.deps, { ref, n }, bench.now()).catch((error: unknown) => {
    if (error instanceof ApplicationFailure) return error;
    throw error;
  });
}

/** Asks and sweeps as the workflows do, until it is settled. */
export async function settle(
  bench: SweepBench,
  ref: ScrapeRef,
): Promise<{ result: SubmitResult; afterMs: number }> {
  await bench.advance(65_000);
  const begin = bench.now();
  for (let round = 0; round < 300; round++) {
    const said = await ask(bench, ref);
    if (!(said instanceof ApplicationFailure)) return { result: said, afterMs: bench.now() - begin };
    expect(said).toMatchObject({ type: 'Pending', nonRetryable: false });
    if (bench.wanted.length > 0) await bench.sweepWanted();
    else await bench.advance(Number(said.nextRetryDelay));
  }
  throw new Error('never settled');
}

export const tasksOf = async (bench: SweepBench, ref: ScrapeRef) =>
  (await bench.control.dataforseo.ledger({ tag: bench.store.journal.tag(ref.scrapeId, 1) })).tasks;
