import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from './dataforseo-bench.ts';
import { GATE, buyOne, buyPage, collect, countOf, createGatedBench, scriptCalls } from './gated-bench.ts';

/** What looks at both tasks say: the next one in this many milliseconds. */
const again = (waitMs: unknown) => {
  const look = { type: 'AccountBlocked', nonRetryable: false, nextRetryDelay: waitMs };
  return [look, look];
};

describe('an account of which an answer says that it is blocked', () => {
  it('is not blocked for tasks that nobody can collect: buying goes on after one free call, and looks get rare', async () => {
    const bench = await createGatedBench();
    const { deps } = bench;
    const receipts = [
      await bench.buy('scrape/test/1', 'dataforseo/google-images'),
      await bench.buy('scrape/test/2', 'dataforseo/google-images'),
    ];
    const lookAfter = async (minutes: number): Promise<unknown[]> => {
      await bench.advance(minutes * MINUTE_MS);
      const looks: unknown[] = [];
      for (const receipt of receipts) {
        await scriptCalls(bench, 'task_get', { fault: 'root-error', code: 40_005 });
        looks.push(await collect(deps, receipt).catch((error: unknown) => error));
      }
      return looks;
    };
    expect(await lookAfter(3)).toMatchObject(again(2 * MINUTE_MS));
    await expect(buyOne(deps, 'scrape/test/3')).rejects.toThrow('40005');
    await bench.advance(MINUTE_MS + 200);
    expect(await buyOne(deps, 'scrape/test/3')).toMatchObject({ kind: 'receipt' });
    expect(await lookAfter(3)).toMatchObject(again(2 * MINUTE_MS));
    expect(deps.gate.why(GATE)).toBe(undefined);
    expect(await lookAfter(60)).toMatchObject(again(expect.closeTo(6.7 * MINUTE_MS, -4)));
    expect(await lookAfter(600)).toMatchObject(again(60 * MINUTE_MS));
    expect(deps.gate.why(GATE)).toBe(undefined);
    // Nothing that is paid is lost by it.
    for (const receipt of receipts) expect(await collect(deps, receipt)).toMatchObject({ kind: 'ended' });
  });

  it('is tried with one task of a page a minute, and with the others as soon as that is taken', async () => {
    const bench = await createGatedBench();
    const { deps } = bench;
    await scriptCalls(bench, 'task_post', { fault: 'root-error', code: 40_203 });
    await expect(buyPage(deps, 'a', 20)).rejects.toThrow('40203');
    for (const minute of [1, 2]) {
      await bench.advance(MINUTE_MS + 200);
      await scriptCalls(bench, 'task_post', { fault: 'root-error', code: 40_203 });
      await expect(buyPage(deps, 'a', 20)).rejects.toThrow('40203');
      const tries = await bench.store.journal.readAll('scrape/page/a-0');
      expect(tries[0]?.intent.try).toBe(1 + minute);
      expect((await bench.store.journal.readAll('scrape/page/a-1'))[0]?.intent.try).toBe(1);
    }
    await bench.advance(MINUTE_MS + 200);
    const outcomes = await buyPage(deps, 'a', 20);
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: 20 }, () => 'receipt'));
    expect(deps.gate.closed(GATE)).toBeUndefined();
  });

  it('is sent no others of a page whose first task got no answer that tells anything', async () => {
    const bench = await createGatedBench();
    const { deps } = bench;
    await scriptCalls(bench, 'task_post', { fault: 'root-error', code: 40_203 });
    await expect(buyPage(deps, 'a', 20)).rejects.toThrow('40203');
    await bench.advance(MINUTE_MS + 200);
    const posts = await countOf(bench, 'task_post');
    await scriptCalls(bench, 'task_post', { fault: 'drop-after' });
    const outcomes = await buyPage(deps, 'a', 20);
    expect(outcomes[0]?.kind).toBe('unknown');
    expect(outcomes.slice(1).map(({ kind }) => kind)).toEqual(Array.from({ length: 19 }, () => 'alone'));
    expect(await countOf(bench, 'task_post')).toBe(posts + 1);
  });

  it('is asked for free before the next purchase, where one task of an answer hints at it', async () => {
    const bench = await createGatedBench();
    const { deps } = bench;
    const keyword = 'question of scrape/page/a-1';
    await bench.control.dataforseo.script({
      on: 'task',
      keyword,
      steps: [{ faults: ['rejected'], code: 40_100 }],
    });
    expect((await buyPage(deps, 'a')).map(({ kind }) => kind)).toEqual(['receipt', 'unknown', 'receipt']);
    const asked = await countOf(bench, 'user_data');
    const posts = await countOf(bench, 'task_post');
    await scriptCalls(bench, 'user_data', { fault: 'root-error', code: 40_100 });
    await expect(buyOne(deps, 'scrape/test/1')).rejects.toMatchObject({ type: 'AccountBlocked' });
    expect(await countOf(bench, 'user_data')).toBe(asked + 1);
    expect(await countOf(bench, 'task_post')).toBe(posts);
    await bench.advance(MINUTE_MS + 200);
    expect(await buyOne(deps, 'scrape/test/1')).toMatchObject({ kind: 'receipt' });
    expect(deps.gate.why(GATE)).toBe(undefined);
  });
});
