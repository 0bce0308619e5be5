import { describe, expect, it } from 'vitest';
import { DAY_MS, GEMINI, IMAGES, MINUTE_MS, ORGANIC, startBench, TASK } from './helpers.ts';

describe('a task of the simulated DataForSEO', () => {
  it('is taken, waits in the queue, is handed over, and is done', async () => {
    const bench = await startBench({ durationMs: 10 * MINUTE_MS });
    const posted = await bench.post(`${GEMINI}/task_post`, [{ ...TASK, tag: 'a/1' }]);
    expect(posted).toMatchObject({ status_code: 20_000, cost: 0.0012, tasks_count: 1, tasks_error: 0 });
    expect(posted.tasks[0]).toMatchObject({
      status_code: 20_100,
      cost: 0.0012,
      result: null,
      path: ['v3', 'ai_optimization', 'gemini', 'llm_scraper', 'task_post'],
      data: { api: 'ai_optimization', function: 'llm_scraper', se: 'gemini', tag: 'a/1', ...TASK },
    });
    const id = posted.tasks[0]?.id ?? '';
    expect(id).toMatch(/^[0-9]{8}-9001-0626-0000-[0-9a-f]{12}$/);
    const codes = [];
    for (let minute = 0; minute < 4; minute++) {
      const got = await bench.get(`${GEMINI}/task_get/advanced/${id}`);
      codes.push([
        got.status_code,
        got.tasks[0]?.status_code,
        got.tasks_error,
        got.tasks[0]?.result === null,
      ]);
      await bench.control.advance(4 * MINUTE_MS);
    }
    expect(codes).toEqual([
      [20_000, 40_602, 1, true],
      [20_000, 40_601, 1, true],
      [20_000, 40_601, 1, true],
      [20_000, 20_000, 0, false],
    ]);
  });

  it('is in the ready list of its family until it is fetched', async () => {
    const bench = await startBench();
    const id = await bench.buy(GEMINI, { tag: 'a/1' });
    const list = await bench.get(`${GEMINI}/tasks_ready`);
    expect(list.tasks[0]?.result).toEqual([
      {
        id,
        se: 'gemini',
        function: 'llm_scraper',
        date_posted: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+00:00$/),
        tag: 'a/1',
        endpoint_advanced: `/v3/${GEMINI}/task_get/advanced/${id}`,
        endpoint_html: `/v3/${GEMINI}/task_get/html/${id}`,
      },
    ]);
    expect(await bench.ready('ai_optimization/chat_gpt/llm_scraper')).toEqual([]);
    await bench.get(`${GEMINI}/task_get/advanced/${id}`);
    expect(await bench.ready(GEMINI)).toEqual([]);
    const again = await bench.get(`${GEMINI}/task_get/advanced/${id}`);
    expect(again.tasks[0]?.status_code).toBe(20_000);
  });

  it('is in the lists of its engine and of the whole API too', async () => {
    const bench = await startBench();
    const images = await bench.buy(IMAGES);
    const organic = await bench.buy(ORGANIC);
    const bing = await bench.buy('serp/bing/organic');
    expect(await bench.ready('serp')).toEqual([images, organic, bing]);
    expect(await bench.ready('serp/google')).toEqual([images, organic]);
    expect(await bench.ready('serp/bing')).toEqual([bing]);
    const row = (await bench.get('serp/google/images/tasks_ready')).tasks[0]?.result?.[0];
    expect(row).toMatchObject({ se_type: 'images', tag: '', endpoint_regular: null });
  });

  it('leaves the list three days after its end, and can be fetched for 30 days, as HTML for 7', async () => {
    const bench = await startBench();
    const id = await bench.buy(ORGANIC);
    const code = async (variant: string) =>
      (await bench.get(`${ORGANIC}/task_get/${variant}/${id}`)).tasks[0]?.status_code;
    await bench.control.advance(3 * DAY_MS - MINUTE_MS);
    expect(await bench.ready(ORGANIC)).toEqual([id]);
    await bench.control.advance(2 * MINUTE_MS);
    expect(await bench.ready(ORGANIC)).toEqual([]);
    expect(await code('html')).toBe(20_000);
    await bench.control.advance(4 * DAY_MS);
    expect(await code('html')).toBe(40_403);
    expect(await code('regular')).toBe(20_000);
    await bench.control.advance(23 * DAY_MS);
    expect(await code('advanced')).toBe(40_403);
  });

  it('is searched by the time of its POST, whatever became of it, with its tag', async () => {
    const bench = await startBench();
    await bench.dfs.script({ on: 'task', tag: 'bad', steps: [{ faults: ['engine-error'] }] });
    await bench.dfs.script({ on: 'task', tag: 'waits', steps: [{ faults: [], durationMs: DAY_MS }] });
    for (const tag of ['good', 'bad', 'waits']) await bench.buy(ORGANIC, { tag });
    await bench.buy(GEMINI, { tag: 'other API' });
    await bench.control.advance(2_000);
    const search = {
      datetime_from: timeIn(-MINUTE_MS),
      datetime_to: timeIn(1_000),
      include_metadata: true,
    };
    const found = await bench.post('serp/id_list', [search]);
    const rows = found.tasks[0]?.result ?? [];
    expect(rows.map((row) => [(row.metadata as { tag: string }).tag, row.status, row.cost])).toEqual([
      ['good', '20000', 0.0006],
      ['bad', '40101', 0.0006],
      ['waits', '40602', 0.0006],
    ]);
    expect(rows[2]).toMatchObject({ datetime_done: null, url: 'v3/serp/google/organic/task_post' });
    const ai = await bench.post('ai_optimization/id_list', [search]);
    expect(ai.tasks[0]?.result).toMatchObject([{ metadata: { tag: 'other API', se: 'gemini' } }]);
  });

  it('is paid for from a balance that the account can read', async () => {
    const bench = await startBench();
    await bench.buy(GEMINI);
    await bench.buy(ORGANIC, { priority: 2, depth: 30 });
    const data = (await bench.get('appendix/user_data')).tasks[0]?.result?.[0];
    expect(data).toMatchObject({ money: { total: 1_000, balance: 999.9958 } });
    const { totals } = await bench.dfs.ledger();
    expect(totals).toMatchObject({ tasks: 2, chargedMicros: 4_200, refundedMicros: 0 });
  });
});

function timeIn(ms: number): string {
  return `${new Date(Date.now() + ms).toISOString().slice(0, 19).replace('T', ' ')} +00:00`;
}
