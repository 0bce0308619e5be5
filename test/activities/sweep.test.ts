import { describe, expect, it } from 'vitest';
import { PROOF_TIMING } from '../../src/activities/deps.ts';
import { reconcile } from '../../src/activities/reconcile.ts';
import { sweep } from '../../src/activities/sweep.ts';
import type { SweepInput } from '../../src/activities/sweep.ts';
import { MINUTE_MS } from './dataforseo-bench.ts';

import { ask, createSweepBench } from './sweep-bench.ts';

const SERP = { provider: 'dataforseo', account: 'simulator', family: 'serp' } as const;

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

  it('proves nothing with the list of another login that has taken the account’s name', async () => {
    const bench = await createSweepBench();
    const ref = await bench.lose('scrape/test/1', 'drop-after');
    bench.account.secret = 'somebody-else:secret';
    await bench.advance(40 * MINUTE_MS);
    await ask(bench, ref);
    await bench.sweepWanted();
    // The other login's list is whole, and does not have it.
    expect(await ask(bench, ref)).toMatchObject({ type: 'Pending' });
    const [kept] = await bench.store.sweeps.readSince(SERP, 0);
    expect(kept).toMatchObject({ complete: true, own: {} });
  });

  it('proves nothing while a purchase of ours shows that the machine that buys has a slow clock', async () => {
    const bench = await createSweepBench();
    // Ten minutes pass between what this machine takes for the time and what the provider does.
    await bench.advance(10 * MINUTE_MS);
    const lost = await bench.lose('scrape/test/1', 'drop-before');
    await bench.buy('scrape/test/2');
    await bench.advance(40 * MINUTE_MS);
    await ask(bench, lost);
    await bench.sweepWanted();
    const [kept] = await bench.store.sweeps.readSince(SERP, 0);
    expect(Math.round((kept?.buyerOffMs ?? 0) / MINUTE_MS)).toBe(9); // 65 s are left to it
    expect(await ask(bench, lost)).toMatchObject({ type: 'Pending' }); // a list of what is ready may show it
    await bench.advance(15 * MINUTE_MS);
    expect(await ask(bench, lost)).toMatchObject({ kind: 'unknown' });
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
      await reconcile(bench.deps, { ref: lost, n: 1 }, wall() + 30 * MINUTE_MS).catch(
        (error: unknown) => error,
      ),
    ).toMatchObject({
      kind: 'unknown',
    });
    expect(taken.scrapeId).toBe('scrape/test/2');
  });
});
