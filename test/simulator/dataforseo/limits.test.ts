import { describe, expect, it, vi } from 'vitest';
import { GEMINI, MINUTE_MS, ORGANIC, startBench, TASK } from './helpers.ts';

async function repeat(times: number, call: () => Promise<{ status_code: number }>): Promise<number> {
  let refused = 0;
  for (let n = 0; n < times; n++) if ((await call()).status_code === 40_202) refused += 1;
  return refused;
}

describe('limits of the simulated DataForSEO', () => {
  it('hold for lists in each API, over all their paths', async () => {
    const bench = await startBench();
    expect(await repeat(10, () => bench.get(`${ORGANIC}/tasks_ready`))).toBe(0);
    expect(await repeat(6, () => bench.get('serp/tasks_ready'))).toBe(0);
    expect(await repeat(6, () => bench.get('serp/google/images/tasks_fixed'))).toBe(2);
    expect(await repeat(21, () => bench.get(`${GEMINI}/tasks_ready`))).toBe(1);
    const { limitViolations, peaksPerMinute } = await bench.dfs.state();
    expect(limitViolations).toEqual({ 'lists serp': 2, 'lists ai_optimization': 1 });
    expect(peaksPerMinute).toMatchObject({ 'lists serp': 22, 'lists ai_optimization': 21, total: 43 });
  });

  it('hold for searches, errors, account and services', async () => {
    const bench = await startBench();
    expect(await repeat(12, () => bench.post('serp/id_list', [{}]))).toBe(2);
    expect(await repeat(11, () => bench.post('ai_optimization/errors', [{}]))).toBe(1);
    expect(await repeat(9, () => bench.get('appendix/user_data'))).toBe(3);
    expect(await repeat(11, () => bench.get('appendix/status'))).toBe(1);
    expect((await bench.dfs.state()).limitViolations).toEqual({
      id_list: 2,
      errors: 1,
      user_data: 3,
      status: 1,
    });
  });

  it('slide with time instead of starting anew each minute', async () => {
    const bench = await startBench();
    expect(await repeat(6, () => bench.get('appendix/user_data'))).toBe(0);
    await bench.control.advance(50_000);
    expect(await repeat(1, () => bench.get('appendix/user_data'))).toBe(1);
    await bench.control.advance(15_000);
    // Only the refused one is still within the last minute.
    expect(await repeat(5, () => bench.get('appendix/user_data'))).toBe(0);
    expect(await repeat(1, () => bench.get('appendix/user_data'))).toBe(1);
  });

  it('hold for all calls together, and refuse a POST without making its tasks', async () => {
    const bench = await startBench();
    const { limits } = (await bench.dfs.state()).knobs;
    await bench.dfs.setKnobs({ limits: { ...limits, total: 3 } });
    const post = () => bench.post(`${GEMINI}/task_post`, [TASK]);
    expect(await repeat(5, post)).toBe(2);
    expect((await bench.dfs.ledger()).totals.tasks).toBe(3);
    await bench.control.advance(MINUTE_MS);
    expect(await repeat(1, post)).toBe(0);
    await bench.dfs.setKnobs({ limits: { ...limits, total: null } });
    expect(await repeat(5, post)).toBe(0);
  });

  it('allow thirty calls at once to AI, and any number to other APIs', async () => {
    const bench = await startBench();
    const slow = Array.from({ length: 70 }, () => ({ fault: 'slow' as const, ms: 1_500 }));
    await bench.dfs.script({ on: 'call', call: 'task_post', steps: slow });
    const post = (path: string, times: number) =>
      Array.from({ length: times }, () => bench.post(`${path}/task_post`, [TASK]));
    const held = [...post(GEMINI, 30), ...post(ORGANIC, 35)];
    await vi.waitFor(async () => expect((await bench.dfs.state()).calls.task_post).toBe(65), 10_000);
    const codes = (await Promise.all(post(GEMINI, 3))).map((body) => body.status_code);
    expect(codes).toEqual([40_209, 40_209, 40_209]);
    expect((await Promise.all(held)).every((body) => body.status_code === 20_000)).toBe(true);
    expect((await bench.dfs.state()).limitViolations).toEqual({ 'in-flight': 3 });
    expect((await bench.dfs.ledger()).totals.tasks).toBe(65);
  });

  it('can be held against every call that came, and when', async () => {
    const bench = await startBench();
    const id = await bench.buy(GEMINI);
    await bench.control.advance(MINUTE_MS);
    await bench.get(`${GEMINI}/task_get/html/${id}`);
    const { calls } = await bench.dfs.calls();
    expect(calls.map(({ call, path, overLimit }) => [call, path, overLimit])).toEqual([
      ['task_post', `v3/${GEMINI}/task_post`, false],
      ['task_get', `v3/${GEMINI}/task_get/html`, false],
    ]);
    const [first, second] = calls;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(MINUTE_MS);
  });
});
