import { describe, expect, it } from 'vitest';
import { TASK_FAULTS, type TaskFault } from '../../../src/simulator/dataforseo/faults.ts';
import { DAY_MS, GEMINI, MINUTE_MS, ORGANIC, startBench, TASK, window } from './helpers.ts';
import type { Bench } from './helpers.ts';

async function buyWith(bench: Bench, faults: TaskFault[], path = GEMINI, fields = {}): Promise<string> {
  await bench.dfs.script({ on: 'task', tag: faults.join(' '), steps: [{ faults }] });
  return bench.buy(path, { tag: faults.join(' '), ...fields });
}

async function codeOf(bench: Bench, id: string, path = GEMINI): Promise<number | undefined> {
  return (await bench.get(`${path}/task_get/advanced/${id}`)).tasks[0]?.status_code;
}

describe('faults of a task', () => {
  it('end it without a result, billed all the same', async () => {
    const bench = await startBench();
    const ends: Array<[TaskFault, number]> = [
      ['engine-error', 40_101],
      ['no-results', 40_102],
      ['execution-failed', 40_103],
    ];
    for (const [fault, code] of ends) {
      const id = await buyWith(bench, [fault]);
      expect(await bench.ready(GEMINI)).toEqual([id]);
      const got = await bench.get(`${GEMINI}/task_get/advanced/${id}`);
      expect(got).toMatchObject({ tasks_error: 1, tasks: [{ id, status_code: code, result: null }] });
      expect(await bench.ready(GEMINI)).toEqual([]);
    }
    expect((await bench.dfs.ledger()).totals).toMatchObject({
      chargedMicros: 3_600,
      refundedMicros: 0,
      failed: 3,
    });
    await bench.dfs.setKnobs({ failedTasksListed: false, refundExecutionFailed: true });
    await buyWith(bench, ['execution-failed']);
    expect(await bench.ready(GEMINI)).toEqual([]);
    expect((await bench.dfs.ledger()).totals.refundedMicros).toBe(1_200);
  });

  it('reject one task of a call, with a code of choice', async () => {
    const bench = await startBench();
    await bench.dfs.script({
      on: 'task',
      tag: 'b',
      steps: [{ faults: ['rejected'], code: 40_203, message: 'Why.' }],
    });
    const body = await bench.post(`${GEMINI}/task_post`, [
      { ...TASK, tag: 'a' },
      { ...TASK, tag: 'b' },
      { ...TASK, tag: 'c' },
    ]);
    expect(body.tasks.map((task) => task.status_code)).toEqual([20_100, 40_203, 20_100]);
    expect(body.tasks[1]).toMatchObject({ status_message: 'Why.', cost: 0, data: { tag: 'b' } });
    expect(body.cost).toBe(0.0024);
  });

  it('leave it in the queue forever, whatever control does', async () => {
    const bench = await startBench();
    const id = await buyWith(bench, ['stuck']);
    expect(await bench.dfs.ready()).toEqual({ ids: [] });
    await bench.control.advance(30 * DAY_MS);
    expect(await codeOf(bench, id)).toBe(40_601);
    expect((await bench.dfs.ledger()).tasks[0]).toMatchObject({ readyAt: null, code: 40_601 });
  });

  it('hide it from a GET right after the POST', async () => {
    const bench = await startBench();
    const id = await buyWith(bench, ['hidden']);
    expect(await codeOf(bench, id)).toBe(40_401);
    await bench.control.advance(5_000);
    expect(await codeOf(bench, id)).toBe(20_000);
  });

  it('keep it from the ready list, bring it late, or twice', async () => {
    const bench = await startBench();
    const never = await buyWith(bench, ['never-listed']);
    const late = await buyWith(bench, ['listed-late']);
    const twice = await buyWith(bench, ['listed-twice']);
    expect(await bench.ready(GEMINI)).toEqual([twice, twice]);
    await bench.control.advance(10 * MINUTE_MS);
    expect(await bench.ready(GEMINI)).toEqual([twice, twice, late]);
    expect(await codeOf(bench, never)).toBe(20_000);
  });

  it('keep it out of the list of ids for a while, or take its tag away there', async () => {
    const bench = await startBench();
    await buyWith(bench, ['searched-late'], ORGANIC);
    await buyWith(bench, ['searched-without-tag'], ORGANIC);
    const tags = async () => {
      await bench.control.advance(MINUTE_MS);
      const found = await bench.post('serp/id_list', [await window(bench)]);
      return found.tasks[0]?.result?.map((row) => (row.metadata as { tag?: string }).tag);
    };
    expect(await tags()).toEqual([undefined]);
    expect(await tags()).toEqual(['searched-late', undefined]);
  });

  it('spoil its result', async () => {
    const bench = await startBench({ hugeBytes: 300_000 });
    const result = async (fault: TaskFault, path = GEMINI) => {
      const id = await buyWith(bench, [fault], path);
      return (await bench.get(`${path}/task_get/advanced/${id}`)).tasks[0]?.result;
    };
    expect(await result('null-result')).toEqual([null]);
    expect(await result('null-items')).toMatchObject([{ items: null, items_count: 0 }]);
    expect(await result('null-item')).toMatchObject([{ items: [null, expect.anything()] }]);
    expect(await result('unknown-item')).toMatchObject([
      { items: expect.arrayContaining([expect.objectContaining({ type: 'holographic_panel' })]) },
    ]);
    for (const path of [GEMINI, 'serp/google/maps']) {
      expect(JSON.stringify(await result('huge-result', path)).length).toBeGreaterThan(300_000);
    }
  });

  it('charge twice the price', async () => {
    const bench = await startBench();
    await buyWith(bench, ['overcharged']);
    expect((await bench.dfs.ledger()).totals.chargedMicros).toBe(2_400);
  });

  it('fall by rates in the same way for the same seed, whatever came in between', async () => {
    const rates = Object.fromEntries(TASK_FAULTS.map((fault) => [fault, 0.1]));
    const buyAll = async (keywords: string[]) => {
      const bench = await startBench({ taskFaults: rates, durationMs: null }, { seed: 'same' });
      await bench.post(
        `${ORGANIC}/task_post`,
        keywords.map((keyword) => ({
          ...TASK,
          keyword,
          tag: keyword,
          depth: 50,
          load_async_ai_overview: true,
        })),
      );
      const drawn = [...bench.simulator.sim.dataforseo.state.tasks.values()].map((task) => {
        const { id: _, handedAtMs, doneAtMs, postedAtMs, visibleAtMs, searchableAtMs, nth, ...rest } = task;
        const times = [handedAtMs, doneAtMs ?? 0, visibleAtMs, searchableAtMs].map((ms) => ms - postedAtMs);
        return { ...rest, nth, times: doneAtMs === null ? [] : times.map((ms) => Math.round(ms / 10)) };
      });
      return drawn.sort((a, b) => a.tag.localeCompare(b.tag));
    };
    const keywords = Array.from({ length: 40 }, (_, n) => `keyword ${n}`);
    const once = await buyAll(keywords);
    expect(await buyAll(keywords.toReversed())).toEqual(once);
    // Rejected ones are no tasks.
    expect(once.length).toBeLessThan(40);
    expect(new Set(once.map((task) => task.endCode)).size).toBeGreaterThan(2);
  });
});
