import { describe, expect, it } from 'vitest';
import { submit } from '../../src/activities/submit.ts';
import { spendOf } from '../../src/ledger/spend.ts';
import { MINUTE_MS } from './dataforseo-bench.ts';

import { ask, createSweepBench, settle, tasksOf } from './sweep-bench.ts';

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
