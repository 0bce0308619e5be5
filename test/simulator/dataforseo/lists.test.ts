import { describe, expect, it } from 'vitest';
import { DAY_MS, GEMINI, MINUTE_MS, ORGANIC, startBench, TASK, window } from './helpers.ts';

describe('lists of the simulated DataForSEO', () => {
  it('show a thousand ready tasks, and the rest when those are collected', async () => {
    const bench = await startBench();
    for (let page = 0; page < 11; page++) {
      const tasks = Array.from({ length: 100 }, (_, n) => ({ ...TASK, tag: `t/${page * 100 + n}` }));
      await bench.post(`${GEMINI}/task_post`, tasks);
    }
    const first = await bench.ready(GEMINI);
    expect(first).toHaveLength(1_000);
    for (const id of first.slice(0, 30)) await bench.get(`${GEMINI}/task_get/advanced/${id}`);
    const second = await bench.ready(GEMINI);
    expect(second.slice(0, 970)).toEqual(first.slice(30));
    expect(second).toHaveLength(1_000);
  });

  it('are crowded out by tasks of somebody else, who may stand in front', async () => {
    const bench = await startBench();
    const ours = await bench.buy(GEMINI, { tag: 'ours' });
    await bench.dfs.foreign({ family: 'gemini', count: 3 });
    expect((await bench.ready(GEMINI))[0]).toBe(ours);
    await bench.dfs.foreign({ family: 'gemini', count: 1_000, inFront: true, tagPrefix: 'them/' });
    const list = await bench.get(`${GEMINI}/tasks_ready`);
    expect(list.tasks[0]?.result?.every((row) => String(row.tag).startsWith('them/'))).toBe(true);
    const stranger = String(list.tasks[0]?.result?.[0]?.id);
    expect((await bench.get(`${GEMINI}/task_get/advanced/${stranger}`)).tasks[0]?.status_code).toBe(20_000);
    const { totals, tasks } = await bench.dfs.ledger();
    expect(totals).toMatchObject({ tasks: 1, foreignTasks: 1_003, foreignCollected: 1 });
    expect(tasks).toHaveLength(1);
    expect((await bench.dfs.ledger({ foreign: true, tag: 'them/0' })).tasks).toMatchObject([
      { foreign: true },
    ]);
    // Only the first three, and ours, outlive nothing: all leave after three days.
    await bench.control.advance(3 * DAY_MS);
    expect(await bench.ready(GEMINI)).toEqual([]);
  });

  it('cost no more with a hundred thousand tasks than with a few thousand', async () => {
    const bench = await startBench();
    // CPU time, because other programs may keep the clock running.
    const costOfLists = async () => {
      const ids = await bench.ready(ORGANIC);
      expect(ids).toHaveLength(1_000);
      const before = process.cpuUsage();
      for (const id of ids.slice(0, 8)) {
        await bench.get(`${ORGANIC}/task_get/advanced/${id}`);
        await bench.ready(ORGANIC);
      }
      return process.cpuUsage(before).user;
    };
    await bench.dfs.foreign({ family: 'google_organic', count: 3_000 });
    await costOfLists();
    await bench.control.advance(MINUTE_MS);
    const few = await costOfLists();
    await bench.control.advance(MINUTE_MS);
    await bench.dfs.foreign({ family: 'google_organic', count: 97_000 });
    expect(await costOfLists()).toBeLessThan(5 * few);
    await bench.control.advance(2_000);
    const search = { ...(await window(bench)), include_metadata: false, offset: 99_990, sort: 'desc' };
    const found = await bench.post('serp/id_list', [search]);
    expect(found.tasks[0]?.result).toHaveLength(10);
  });

  it('of ids come in pages, in either order, within the window alone', async () => {
    const bench = await startBench();
    for (const tag of ['a', 'b', 'c']) {
      await bench.buy(GEMINI, { tag });
      await bench.control.advance(10 * MINUTE_MS);
    }
    const tags = async (more: Record<string, unknown>, reachMs?: number) => {
      const found = await bench.post('ai_optimization/id_list', [
        { ...(await window(bench, reachMs)), ...more },
      ]);
      return found.tasks[0]?.result?.map((row) => (row.metadata as { tag: string }).tag);
    };
    expect(await tags({})).toEqual(['a', 'b', 'c']);
    expect(await tags({ sort: 'desc', limit: 2 })).toEqual(['c', 'b']);
    expect(await tags({ limit: 2, offset: 2 })).toEqual(['c']);
    expect(await tags({}, 25 * MINUTE_MS)).toEqual(['b', 'c']);
    expect(await tags({ offset: 3 })).toEqual([]);
  });

  it('of ids refuse windows that the vendor refuses', async () => {
    const bench = await startBench();
    const good = await window(bench);
    const field = async (more: Record<string, unknown>) => {
      const [task] = (await bench.post('serp/id_list', [{ ...good, ...more }])).tasks;
      return task && [task.status_code, /'(\w+)'/.exec(task.status_message)?.[1]];
    };
    expect(await field({ datetime_from: 'yesterday' })).toEqual([40_501, 'datetime_from']);
    expect(await field({ datetime_to: undefined })).toEqual([40_501, 'datetime_to']);
    expect(await field({ datetime_to: daysFromNow(1) })).toEqual([40_501, 'datetime_to']);
    expect(await field({ datetime_from: daysFromNow(-40) })).toEqual([40_501, 'datetime_from']);
    expect(await field({ limit: 1_001 })).toEqual([40_501, 'limit']);
    expect(await field({ datetime_from: daysFromNow(-40), include_metadata: false })).toEqual([
      20_000,
      undefined,
    ]);
    expect(await field({ datetime_to: good.datetime_from })).toEqual([40_501, 'datetime_to']);
  });

  it('of errors name failed tasks of their API, for a week', async () => {
    const bench = await startBench();
    await bench.dfs.script({ on: 'task', family: 'google_organic', steps: [{ faults: ['engine-error'] }] });
    const id = await bench.buy(ORGANIC);
    const errors = async (api: string) => (await bench.post(`${api}/errors`, [{}])).tasks[0]?.result;
    expect(await errors('serp')).toMatchObject([
      { id, error_code: 40_101, function: 'serp/task_get/regular' },
    ]);
    expect(await errors('ai_optimization')).toEqual([]);
    await bench.control.advance(7 * DAY_MS + 1_000);
    expect(await errors('serp')).toEqual([]);
  });

  it('of fixed tasks show what was parsed again for a day, with another result', async () => {
    const bench = await startBench();
    const id = await bench.buy(ORGANIC, { tag: 'f' });
    const items = async () =>
      JSON.stringify((await bench.get(`${ORGANIC}/task_get/regular/${id}`)).tasks[0]?.result);
    const before = await items();
    expect(await items()).toBe(before);
    expect(await bench.dfs.fix(id)).toEqual({ fixed: true });
    const fixed = async () => (await bench.get(`${ORGANIC}/tasks_fixed`)).tasks[0]?.result;
    expect(await fixed()).toMatchObject([{ id, tag: 'f', se_type: 'organic' }]);
    expect(await items()).not.toBe(before);
    await bench.control.advance(DAY_MS);
    expect(await fixed()).toBeNull();
  });

  it('of places and languages are short', async () => {
    const bench = await startBench();
    const rows = async (path: string) => (await bench.get(path)).tasks[0]?.result ?? [];
    expect(await rows('serp/google/locations/gb')).toHaveLength(2);
    for (const path of [
      'serp/google/locations',
      `${GEMINI}/locations`,
      'serp/bing/languages',
      'serp/google/ai_mode/languages',
    ]) {
      expect((await rows(path)).length).toBeGreaterThan(10);
    }
  });
});

function daysFromNow(days: number): string {
  return `${new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 19).replace('T', ' ')} +02:00`;
}
