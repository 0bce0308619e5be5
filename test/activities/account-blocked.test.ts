import { describe, expect, it } from 'vitest';
import { check } from '../../src/activities/check.ts';
import { submitPage } from '../../src/activities/submit-page.ts';
import { submit } from '../../src/activities/submit.ts';
import { toRef } from '../../src/contracts/to-ref.ts';
import type { CallStep } from '../../src/simulator/dataforseo/faults.ts';
import { MINUTE_MS } from './dataforseo-bench.ts';
import type { DataForSeoBench } from './dataforseo-bench.ts';
import {
  GATE,
  buyOne,
  buyPage,
  collect,
  countOf,
  createGatedBench,
  inputOf,
  scriptCalls,
} from './gated-bench.ts';

describe('an account that the provider does not let buy', () => {
  it.each<CallStep>([
    { fault: 'root-error', code: 40_100 },
    { fault: 'root-error', code: 40_200 },
    { fault: 'root-error', code: 40_201 },
    { fault: 'root-error', code: 40_203 },
    { fault: 'root-error', code: 40_210 },
    { fault: 'http-error', status: 401 },
    { fault: 'http-error', status: 402 },
  ])('stops buying at once, collects what is paid, and goes on by itself: %j', async (step) => {
    const bench = await createGatedBench();
    const { deps } = bench;
    const receipt = await bench.buy('scrape/test/paid', 'dataforseo/google-images');
    await scriptCalls(bench, 'task_post', step);
    await expect(buyOne(deps, 'scrape/test/1')).rejects.toMatchObject({
      type: 'AccountBlocked',
      nonRetryable: false,
      nextRetryDelay: MINUTE_MS,
    });
    const posts = await countOf(bench, 'task_post');
    for (const buy of [buyOne(deps, 'scrape/test/2'), buyPage(deps, 'a')]) {
      await expect(buy).rejects.toMatchObject({ type: 'AccountBlocked', nonRetryable: false });
      await expect(buy).rejects.toThrow(String(step.code ?? step.status));
    }
    expect(await countOf(bench, 'task_post')).toBe(posts);
    expect(await bench.store.journal.readAll('scrape/test/2')).toEqual([]);
    await bench.advance(2_000);
    expect(await collect(deps, receipt)).toMatchObject({ kind: 'ended', record: { outcome: 'done' } });
    await bench.advance(MINUTE_MS);
    expect(await buyPage(deps, 'a')).toMatchObject([
      { kind: 'receipt' },
      { kind: 'receipt' },
      { kind: 'receipt' },
    ]);
    expect(await buyOne(deps, 'scrape/test/1')).toMatchObject({ kind: 'receipt', receipt: { try: 2 } });
    expect(await countOf(bench, 'user_data')).toBe(2); // the prices before the first purchase, and the probe
  });

  it('is asked once a minute by a free call, and nothing is tried while that says no', async () => {
    const bench = await createGatedBench();
    const { deps } = bench;
    await scriptCalls(bench, 'task_post', { fault: 'root-error', code: 40_201 });
    await expect(buyPage(deps, 'a')).rejects.toThrow('40201');
    const posts = await countOf(bench, 'task_post');
    const asked = await countOf(bench, 'user_data');
    for (const minute of [1, 2, 3]) {
      await bench.advance(MINUTE_MS + 200);
      await scriptCalls(bench, 'user_data', { fault: 'root-error', code: 40_201 });
      await expect(buyPage(deps, 'a')).rejects.toThrow(/Asked again by a free call: .*40201/);
      await expect(buyOne(deps, 'scrape/test/1')).rejects.toMatchObject({ type: 'AccountBlocked' });
      expect(await countOf(bench, 'user_data')).toBe(asked + minute);
    }
    expect(await countOf(bench, 'task_post')).toBe(posts);
    // A free call that says nothing does not open it either.
    await bench.advance(MINUTE_MS + 200);
    await scriptCalls(bench, 'user_data', { fault: 'drop-before' });
    await expect(buyOne(deps, 'scrape/test/1')).rejects.toMatchObject({ type: 'AccountBlocked' });
    await bench.advance(MINUTE_MS + 200);
    expect(await buyOne(deps, 'scrape/test/1')).toMatchObject({ kind: 'receipt' });
  });

  it('in the middle of a page buys what it can pay for, and waits with the rest', async () => {
    const bench = await createGatedBench();
    const { deps } = bench;
    const keyword = 'question of scrape/page/a-1';
    await bench.control.dataforseo.script({
      on: 'task',
      keyword,
      steps: [{ faults: ['rejected'], code: 40_210 }],
    });
    const outcomes = await buyPage(deps, 'a');
    expect(outcomes).toMatchObject([
      { kind: 'receipt' },
      { kind: 'refused', journalled: true },
      { kind: 'receipt' },
    ]);
    expect(outcomes[1]).not.toHaveProperty('failure'); // its scrape tries again by itself
    await expect(buyOne(deps, 'scrape/page/a-1')).rejects.toMatchObject({ type: 'AccountBlocked' });
    await bench.advance(MINUTE_MS);
    expect(await buyOne(deps, 'scrape/page/a-1')).toMatchObject({
      kind: 'receipt',
      receipt: { n: 1, try: 2 },
    });
  });

  it.each([40_001, 40_002, 40_003, 40_004, 40_005, 40_100, 40_201, 40_203, 40_210])(
    'says so by %i when a result is asked for: buying stops, and the result is asked for again',
    async (code) => {
      const bench = await createGatedBench();
      const { deps } = bench;
      const receipt = await bench.buy('scrape/test/paid', 'dataforseo/google-images');
      await bench.advance(2_000);
      await scriptCalls(bench, 'task_get', { fault: 'root-error', code });
      await expect(collect(deps, receipt)).rejects.toMatchObject({
        type: 'AccountBlocked',
        nonRetryable: false,
      });
      const posts = await countOf(bench, 'task_post');
      await expect(buyOne(deps, 'scrape/test/1')).rejects.toThrow(String(code));
      await expect(buyPage(deps, 'a')).rejects.toThrow(String(code));
      expect(await countOf(bench, 'task_post')).toBe(posts);
      expect(await collect(deps, receipt)).toMatchObject({ kind: 'ended', record: { outcome: 'done' } });
      await bench.advance(MINUTE_MS);
      expect(await buyOne(deps, 'scrape/test/1')).toMatchObject({ kind: 'receipt' });
      expect(deps.gate.closed(GATE)).toBeUndefined();
    },
  );

  it.each([40_202, 40_209])(
    'is not what %i says: it waits, fails nothing and closes nothing',
    async (code) => {
      const bench = await createGatedBench();
      const { deps } = bench;
      const receipt = await bench.buy('scrape/test/paid', 'dataforseo/google-images');
      await bench.advance(2_000);
      await scriptCalls(bench, 'task_get', { fault: 'root-error', code });
      await expect(collect(deps, receipt)).rejects.toMatchObject({ nonRetryable: false });
      expect(await collect(deps, receipt)).toMatchObject({ kind: 'ended', record: { outcome: 'done' } });
      for (const buy of [() => buyOne(deps, 'scrape/test/1'), () => buyPage(deps, 'a')]) {
        await scriptCalls(bench, 'task_post', { fault: 'root-error', code });
        await expect(buy()).rejects.toMatchObject({ type: 'RateLimited', nonRetryable: false });
        expect(deps.gate.closed(GATE)).toBeUndefined();
      }
      expect(await buyOne(deps, 'scrape/test/1')).toMatchObject({ kind: 'receipt' });
      expect((await buyPage(deps, 'a')).map(({ kind }) => kind)).toEqual(['receipt', 'receipt', 'receipt']);
    },
  );
});

const endAs = (bench: DataForSeoBench, fault: 'engine-error' | 'no-results' | 'execution-failed') =>
  bench.control.dataforseo.script({ on: 'task', steps: [{ faults: [fault] }] });

describe('a task that ended without a result', () => {
  it.each(['engine-error', 'execution-failed'] as const)(
    'opens the next submission (%s), where the ceiling has room for it',
    async (fault) => {
      const bench = await createGatedBench();
      const { deps } = bench;
      await endAs(bench, fault);
      const receipt = await bench.buy('scrape/test/1', 'dataforseo/google-images');
      await bench.advance(2_000);
      expect(await collect(deps, receipt, true)).toMatchObject({ kind: 'failed' });
      const ref = toRef('scrape/test/1', inputOf('scrape/test/1'));
      const again = (maxUsd: number) =>
        submit(deps, { ref, input: { ...inputOf('scrape/test/1'), maxUsd }, n: 2 });
      const posts = await countOf(bench, 'task_post');
      await expect(again(0.0011)).rejects.toMatchObject({ type: 'BudgetExceeded', nonRetryable: true });
      expect(await countOf(bench, 'task_post')).toBe(posts);
      expect(await again(0.0012)).toMatchObject({ kind: 'receipt', receipt: { n: 2 } });
    },
  );

  it('is empty, and paid, where there are no results: nothing is bought again', async () => {
    const bench = await createGatedBench();
    await endAs(bench, 'no-results');
    const receipt = await bench.buy('scrape/test/1', 'dataforseo/google-images');
    await bench.advance(2_000);
    expect(await collect(bench.deps, receipt, true)).toMatchObject({
      kind: 'ended',
      record: { outcome: 'empty', submissions: 1, charge: { usdMicros: 600 } },
    });
  });
});

describe('prompts with characters that the provider reads in its own way', () => {
  it.each([
    '100% of a+b, 50%25 off, %2B and %zz',
    'naïve café – “quotes” & <tags> 😀👩‍👩‍👧 🇩🇪',
    '最好的台灯是哪一个？ 机の照明 책상 조명',
    'ما هو أفضل مصباح مكتب؟ שאלה ‏rtl‎',
  ])('come back equal in the echo, from a page and alone: %s', async (prompt) => {
    const bench = await createGatedBench();
    const { deps } = bench;
    const rows = ['dataforseo/google-images', 'dataforseo/google-images', 'dataforseo/gemini'].map(
      (scraper, n) => ({
        scrapeId: `scrape/echo/${n}`,
        input: { scraper, prompt },
      }),
    );
    await submitPage(deps, { rows: rows.slice(0, 2) });
    const gemini = { scraper: 'dataforseo/gemini', prompt };
    await submit(deps, { ref: toRef('scrape/echo/2', gemini), input: gemini, n: 1 });
    await bench.advance(2_000);
    for (const { scrapeId, input } of rows) {
      const receipt = (await bench.store.journal.read(scrapeId, 1))?.receipt;
      if (!receipt) throw new Error(`${scrapeId} was not bought`);
      const result = await check(deps, { ref: toRef(scrapeId, input), receipt, mayResubmit: false }, 2);
      const ref = result.kind === 'ended' ? result.record.result : undefined;
      if (!ref) throw new Error(`${scrapeId} has no result`);
      const body = JSON.parse(Buffer.from(await bench.store.results.readRaw(ref)).toString());
      expect(body.tasks[0].result[0].keyword).toBe(prompt);
    }
    const tasks = (await bench.control.dataforseo.ledger()).tasks;
    expect(tasks.map(({ keyword }) => keyword)).toEqual([prompt, prompt, prompt]);
  });
});
