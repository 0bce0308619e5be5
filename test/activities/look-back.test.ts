import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { lookBack } from '../../src/activities/look-back.ts';
import type { ScrapeRef } from '../../src/contracts/scrape.ts';
import { MINUTE_MS } from './dataforseo-bench.ts';
import { createSweepBench, settle, tasksOf } from './sweep-bench.ts';
import type { SweepBench } from './sweep-bench.ts';

/** Looks as the workflow of a retry does, until there is nothing more to look for; how many searches that took. */
async function lookUntilDone(bench: SweepBench, ref: ScrapeRef): Promise<number> {
  const sinceMs = bench.now();
  for (let searches = 0; searches < 10; searches++) {
    const said = await lookBack(bench.deps, { ref, sinceMs }, bench.now()).catch((error: unknown) => error);
    if (!(said instanceof ApplicationFailure)) return searches;
    expect(said).toMatchObject({ type: 'Pending', nonRetryable: false });
    await bench.advance(Number(said.nextRetryDelay));
    await bench.sweepWanted();
  }
  throw new Error('never done');
}

describe('the look before a retry buys', () => {
  it('finds a purchase that came to the list after it was given up, so that it is collected and not bought again', async () => {
    const bench = await createSweepBench();
    const late = { faults: ['searched-late' as const], ms: 180 * MINUTE_MS };
    const unmarked = { faults: ['searched-without-tag' as const] };
    await bench.control.dataforseo.script({ on: 'task', steps: [late, unmarked] });
    const ref = await bench.lose('scrape/test/1', 'drop-after');
    await bench.buy('scrape/test/2');
    expect((await settle(bench, ref)).result.kind).toBe('unknown');
    await bench.advance(180 * MINUTE_MS);
    expect(await lookUntilDone(bench, ref)).toBe(1);
    const [task] = await tasksOf(bench, ref);
    const [submission] = await bench.store.journal.readAll(ref.scrapeId);
    expect(submission?.receipt?.taskId).toBe(task?.id);
    expect(await lookUntilDone(bench, ref)).toBe(0);
  });

  it('ends after one new search where there is nothing to be found', async () => {
    const bench = await createSweepBench({ taskFaults: { 'searched-without-tag': 1 } });
    const ref = await bench.lose('scrape/test/1', 'drop-after');
    expect((await settle(bench, ref)).result.kind).toBe('unknown');
    await bench.advance(MINUTE_MS);
    expect(await lookUntilDone(bench, ref)).toBe(1);
    expect((await bench.store.journal.readAll(ref.scrapeId))[0]?.receipt).toBeUndefined();
  });

  it('waits for nothing where the list no longer reaches back', async () => {
    const bench = await createSweepBench({ taskFaults: { 'searched-without-tag': 1 } });
    const ref = await bench.lose('scrape/test/1', 'drop-after');
    expect((await settle(bench, ref)).result.kind).toBe('unknown');
    await bench.advance(400 * 24 * 60 * MINUTE_MS);
    expect(await lookUntilDone(bench, ref)).toBe(0);
  });
});
