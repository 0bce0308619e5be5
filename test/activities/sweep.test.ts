import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { PROOF_TIMING } from '../../src/activities/deps.ts';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import { reconcile } from '../../src/activities/reconcile.ts';
import type { SubmitResult } from '../../src/activities/purchase.ts';
import { submit } from '../../src/activities/submit.ts';
import { sweep } from '../../src/activities/sweep.ts';
import type { SweepInput, SweepResult } from '../../src/activities/sweep.ts';
import type { SearchWindow } from '../../src/contracts/collector.ts';
import type { ScrapeRef } from '../../src/contracts/scrape.ts';
import { spendOf } from '../../src/ledger/spend.ts';
import type { DataForSeoKnobs } from '../../src/simulator/dataforseo/knobs.ts';
import { createDataForSeoBench, MINUTE_MS } from './dataforseo-bench.ts';
import type { DataForSeoBench } from './dataforseo-bench.ts';

/** A bench whose collector sweeps what is wanted when it is told to. */
async function createSweepBench(
  knobs: Partial<DataForSeoKnobs> = {},
  overrides: Partial<ActivityDeps> = {},
): Promise<DataForSeoBench & { wanted: SearchWindow[]; sweepWanted(): Promise<SweepResult> }> {
  const wanted: SearchWindow[] = [];
  const collector = {
    want: async () => {},
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
  return { ...bench, wanted, sweepWanted };
}
type SweepBench = Awaited<ReturnType<typeof createSweepBench>>;

/** What `reconcile` says: its result, or the failure with which it waits. */
async function ask(bench: SweepBench, ref: ScrapeRef, n = 1): Promise<SubmitResult | ApplicationFailure> {
  return reconcile(bench.deps, { ref, n }, bench.now()).catch((error: unknown) => {
    if (error instanceof ApplicationFailure) return error;
    throw error;
  });
}

/** Asks and sweeps as the workflows do, until it is settled. */
async function settle(bench: SweepBench, ref: ScrapeRef): Promise<{ result: SubmitResult; afterMs: number }> {
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

const tasksOf = async (bench: SweepBench, ref: ScrapeRef) =>
  (await bench.control.dataforseo.ledger({ tag: bench.store.journal.tag(ref.scrapeId, 1) })).tasks;

describe('a purchase whose answer was lost after the provider took it', () => {
  it('is adopted with its price by the first sweep, billed once, and its scrape is told', async () => {
    const bench = await createSweepBench();
    const ref = await bench.lose('scrape/test/1', 'drop-after');
    const { result } = await settle(bench, ref);
    const [task] = await tasksOf(bench, ref);
    expect(result).toMatchObject({
      kind: 'receipt',
      receipt: {
        taskId: task?.id,
        charge: { usdMicros: 600 },
        plan: { hinted: true },
        variants: ['advanced'],
      },
    });
    expect(bench.hints).toMatchObject([{ scrapeId: 'scrape/test/1', taskId: task?.id }]);
    expect((await bench.control.dataforseo.ledger()).totals).toMatchObject({ tasks: 1, chargedMicros: 600 });
  });

  it('is adopted with all the others by one sweep, which answers all who wait', async () => {
    const bench = await createSweepBench();
    const refs = await Promise.all(
      Array.from({ length: 10 }, (_, n) => bench.lose(`scrape/test/${n}`, 'drop-after')),
    );
    await bench.advance(70_000);
    for (const ref of refs) expect(await ask(bench, ref)).toMatchObject({ type: 'Pending' });
    expect(await bench.sweepWanted()).toMatchObject({ calls: 1, adopted: 10 });
    for (const ref of refs) expect(await ask(bench, ref)).toMatchObject({ kind: 'receipt' });
    expect((await bench.control.dataforseo.ledger()).repeatedTags).toEqual({});
  });

  it.each([0, 1, 2, 3])(
    'is found however late it comes to the list, up to five minutes (%i)',
    async (seed) => {
      const bench = await createSweepBench();
      const lagMs = ((seed * 97 + 61) % 300) * 1_000;
      const steps = [{ faults: ['searched-late' as const], ms: lagMs }];
      await bench.control.dataforseo.script({ on: 'task', keyword: 'question of scrape/test/1', steps });
      const ref = await bench.lose('scrape/test/1', 'drop-after');
      await bench.advance(90_000);
      await bench.buy('scrape/test/witness'); // in the list at once
      const { result } = await settle(bench, ref);
      expect(result.kind).toBe('receipt');
      expect((await bench.control.dataforseo.state()).calls['id_list']).toBeLessThanOrEqual(20);
    },
  );

  it('is not bought again where the list never shows marks, and ends as unknown with its money', async () => {
    const bench = await createSweepBench({ taskFaults: { 'searched-without-tag': 1 } });
    const ref = await bench.lose('scrape/test/1', 'drop-after');
    const { result } = await settle(bench, ref);
    expect(result).toMatchObject({ kind: 'unknown', possiblySpent: { usdMicros: 600 } });
    expect(result.kind === 'unknown' && result.why).toContain('without their marks');
  });

  it('is adopted by a later sweep, also after it was given up', async () => {
    const bench = await createSweepBench();
    const late = { faults: ['searched-late' as const], ms: 180 * MINUTE_MS };
    const unmarked = { faults: ['searched-without-tag' as const] };
    await bench.control.dataforseo.script({ on: 'task', steps: [late, unmarked] });
    const ref = await bench.lose('scrape/test/1', 'drop-after');
    await bench.buy('scrape/test/2');
    expect((await settle(bench, ref)).result.kind).toBe('unknown');
    await bench.advance(180 * MINUTE_MS);
    const [from, to] = [bench.now() - 300 * MINUTE_MS, bench.now()];
    bench.wanted.push({ family: 'serp', from: new Date(from).toISOString(), to: new Date(to).toISOString() });
    expect(await bench.sweepWanted()).toMatchObject({ adopted: 1 });
    expect(await ask(bench, ref)).toMatchObject({ kind: 'receipt' });
  });

  it('is adopted once if its mark was bought twice; the other purchase is on record with its money', async () => {
    const bench = await createSweepBench();
    const ref = await bench.lose('scrape/test/1', 'drop-after');
    const tag = bench.store.journal.tag(ref.scrapeId, 1);
    await bench.advance(5_000);
    await fetch(`${bench.account.baseUrl}/v3/serp/google/organic/task_post`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(bench.account.secret).toString('base64')}` },
      body: JSON.stringify([{ keyword: 'again', location_code: 2840, language_code: 'en', tag }]),
    });
    const { result } = await settle(bench, ref);
    const [first, second] = await tasksOf(bench, ref);
    expect(result).toMatchObject({ kind: 'receipt', receipt: { taskId: first?.id } });
    const submissions = await bench.store.journal.readAll(ref.scrapeId);
    expect(submissions[0]?.duplicates).toMatchObject([{ taskId: second?.id, charge: { usdMicros: 600 } }]);
    expect(spendOf(submissions)).toMatchObject({ charge: { usdMicros: 1_200 }, submissions: 1 });
  });
});

describe('a purchase that never reached the provider', () => {
  it('is proven absent after ten minutes if a later one of ours is shown; then the next submission buys', async () => {
    const bench = await createSweepBench();
    const ref = await bench.lose('scrape/test/1', 'drop-before');
    await bench.advance(70_000);
    await bench.buy('scrape/test/witness');
    const { result, afterMs } = await settle(bench, ref);
    expect(result).toEqual({ kind: 'absent' });
    expect(afterMs).toBeLessThan(12 * MINUTE_MS);
    expect(spendOf(await bench.store.journal.readAll(ref.scrapeId))).toMatchObject({
      charge: {},
      possiblySpent: {},
      submissions: 0,
    });
    const input = { scraper: 'dataforseo/google-organic', prompt: 'question of scrape/test/1' } as const;
    expect(await submit(bench.deps, { ref, input, n: 1 })).toEqual({ kind: 'absent' });
    expect(await submit(bench.deps, { ref, input, n: 2 })).toMatchObject({
      kind: 'receipt',
      receipt: { n: 2 },
    });
    expect((await bench.control.dataforseo.ledger()).totals.tasks).toBe(2);
  });

  it('is proven absent after half an hour if nothing else of ours is shown', async () => {
    const bench = await createSweepBench();
    const ref = await bench.lose('scrape/test/1', 'drop-before');
    const { result, afterMs } = await settle(bench, ref);
    expect(result).toEqual({ kind: 'absent' });
    expect(afterMs).toBeGreaterThanOrEqual(30 * MINUTE_MS - 5_000);
    const { calls } = await bench.control.dataforseo.calls();
    const searches = calls.filter(({ call }) => call === 'id_list');
    expect(searches.length).toBeLessThanOrEqual(20);
    expect(searches.filter(({ overLimit }) => overLimit)).toEqual([]);
  });

  it('is not told from one that is older than the list: nothing is bought', async () => {
    const bench = await createSweepBench();
    const ref = await bench.lose('scrape/test/1', 'drop-before');
    await bench.advance(28 * 24 * 60 * MINUTE_MS);
    expect(await ask(bench, ref)).toMatchObject({ kind: 'unknown', possiblySpent: { usdMicros: 600 } });
    expect(bench.wanted).toEqual([]);
  });
});

describe('a sweep', () => {
  it('halves a window until every part is shown whole, and keeps under ten calls a minute', async () => {
    const bench = await createSweepBench();
    const ref = await bench.lose('scrape/test/1', 'drop-after');
    for (let second = 0; second < 3; second++) {
      await bench.control.dataforseo.foreign({ family: 'google_organic', count: 900 });
      await bench.advance(4_000);
    }
    await bench.advance(60_000);
    await ask(bench, ref);
    const { calls, adopted } = await bench.sweepWanted();
    expect(calls).toBeGreaterThan(3);
    expect(adopted).toBe(1);
    const made = (await bench.control.dataforseo.calls()).calls;
    expect(made.filter(({ overLimit }) => overLimit)).toEqual([]);
  });

  it('proves nothing where one second holds more than a call can show', async () => {
    const bench = await createSweepBench();
    const ref = await bench.lose('scrape/test/1', 'drop-before');
    await bench.control.dataforseo.foreign({ family: 'google_organic', count: 2_500 });
    await bench.advance(40 * MINUTE_MS);
    await ask(bench, ref);
    await bench.sweepWanted();
    expect(await ask(bench, ref)).toMatchObject({ type: 'Pending' });
    const [kept] = await bench.store.sweeps.readSince(
      { provider: 'dataforseo', account: 'simulator', family: 'serp' },
      0,
    );
    expect(kept?.complete).toBe(false);
  });

  it.each([
    [40_203, 'AccountBlocked'],
    [40_202, 'RateLimited'],
    [50_000, 'ProviderUnavailable'],
  ])('says trouble (%i) as %s and leaves no evidence', async (code, type) => {
    const bench = await createSweepBench();
    const ref = await bench.lose('scrape/test/1', 'drop-before');
    await bench.advance(70_000);
    await ask(bench, ref);
    const step = { fault: 'root-error' as const, code };
    await bench.control.dataforseo.script({ on: 'call', call: 'id_list', steps: [step] });
    await expect(bench.sweepWanted()).rejects.toMatchObject({ type, nonRetryable: false });
    const where = { provider: 'dataforseo', account: 'simulator', family: 'serp' };
    expect(await bench.store.sweeps.readSince(where, 0)).toEqual([]);
  });

  it('takes an answer that was long on its way for no wrong clock', async () => {
    const bench = await createSweepBench();
    const lost = await bench.lose('scrape/test/1', 'drop-after');
    const { http } = bench.deps;
    const slow: typeof http = {
      ...http,
      async send(request, options) {
        const outcome = await http.send(request, options);
        await bench.advance(40_000);
        return outcome;
      },
    };
    await bench.advance(66_000);
    expect(await ask(bench, lost)).toMatchObject({ type: 'Pending' });
    const [window] = bench.wanted;
    if (!window) throw new Error('nothing is wanted');
    const input: SweepInput = {
      provider: 'dataforseo',
      account: 'simulator',
      family: 'serp',
      windows: [window],
    };
    expect(await sweep({ ...bench.deps, http: slow }, input, bench.run())).toMatchObject({
      calls: 1,
      adopted: 1,
    });
    const [kept] = await bench.store.sweeps.readSince(input, 0);
    expect(kept?.clockOffsetMs).toBe(0);
    // What is proven of a time reaches no further than what is known of the clock.
    expect(Date.parse(kept?.to ?? '')).toBeLessThan(Date.parse(kept?.begunAt ?? '') - 40_000);
  });

  it('reads the list in the provider’s time where this machine’s clock is wrong, and proves no absence then', async () => {
    const bench = await createSweepBench();
    const lost = await bench.lose('scrape/test/1', 'drop-before');
    const taken = await bench.lose('scrape/test/2', 'drop-after');
    // From now on the provider is an hour ahead of what the run takes for the time.
    const offMs = 60 * MINUTE_MS;
    await bench.advance(offMs + PROOF_TIMING.aloneAfterMs + 70_000);
    const wall = (): number => bench.now() - offMs;
    const window = {
      family: 'serp',
      from: new Date(wall() - offMs).toISOString(),
      to: new Date(wall()).toISOString(),
    };
    const input: SweepInput = {
      provider: 'dataforseo',
      account: 'simulator',
      family: 'serp',
      windows: [window],
    };
    await sweep(bench.deps, input, bench.run({ wall }));
    const [kept] = await bench.store.sweeps.readSince(input, 0);
    expect(Math.abs((kept?.clockOffsetMs ?? 0) - offMs)).toBeLessThan(3_000);
    expect(
      await reconcile(bench.deps, { ref: lost, n: 1 }, wall()).catch((error: unknown) => error),
    ).toMatchObject({
      kind: 'unknown',
    });
    expect(taken.scrapeId).toBe('scrape/test/2');
  });
});
