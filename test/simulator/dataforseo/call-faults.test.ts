import { describe, expect, it } from 'vitest';
import type { CallFault } from '../../../src/simulator/dataforseo/faults.ts';
import { GEMINI, ORGANIC, readBody, startBench, TASK } from './helpers.ts';

describe('faults of a call', () => {
  const POST = { method: 'POST', body: JSON.stringify([{ ...TASK, tag: 'x' }]) };

  it('come before the tasks are made, or after', async () => {
    const made: Record<string, number> = {};
    const answers: Record<string, string> = {};
    const faults: CallFault[] = [
      'drop-before',
      'http-error',
      'root-error',
      'drop-after',
      'http-error-after',
      'root-error-after',
      'garbage-body',
      'html-body',
      'false-gzip',
    ];
    const bench = await startBench();
    for (const fault of faults) {
      await bench.control.reset(1);
      await bench.dfs.script({
        on: 'call',
        call: 'task_post',
        tag: 'x',
        steps: [{ fault, status: 503, code: 40_203 }],
      });
      answers[fault] = await bench.fetch(`${GEMINI}/task_post`, POST).then(
        async (response) =>
          `${response.status} ${await response.text().catch(() => 'unreadable')}`.slice(0, 60),
        () => 'no answer',
      );
      made[fault] = (await bench.dfs.ledger()).totals.tasks;
    }
    expect(made).toEqual({
      'drop-before': 0,
      'http-error': 0,
      'root-error': 0,
      'drop-after': 1,
      'http-error-after': 1,
      'root-error-after': 1,
      'garbage-body': 1,
      'html-body': 1,
      'false-gzip': 1,
    });
    expect(answers).toMatchObject({
      'drop-before': 'no answer',
      'drop-after': 'no answer',
      'http-error': expect.stringContaining('503 <!DOCTYPE html>'),
      'http-error-after': expect.stringContaining('503 <!DOCTYPE html>'),
      'root-error': expect.stringContaining('"status_code":40203'),
      'root-error-after': expect.stringContaining('"status_code":40203'),
      'garbage-body': expect.stringMatching(/"tas$/),
      'html-body': expect.stringContaining('200 <!DOCTYPE html>'),
      'false-gzip': '200 unreadable',
    });
  });

  it('are consumed one a call, the closest target first, and leave other calls alone', async () => {
    const bench = await startBench();
    const id = await bench.buy(GEMINI, { tag: 'mine' });
    await bench.dfs.script({ on: 'call', steps: [{ fault: 'root-error', code: 50_303 }] });
    await bench.dfs.script({
      on: 'call',
      call: 'task_get',
      tag: 'mine',
      steps: [{ fault: 'root-error', code: 50_401 }],
    });
    const path = `${GEMINI}/task_get/advanced/${id}`;
    expect((await bench.get(path)).status_code).toBe(50_401);
    expect((await bench.get(path)).status_code).toBe(50_303);
    expect((await bench.get(path)).status_code).toBe(20_000);
    expect((await bench.dfs.ledger()).tasks[0]?.fetched).toEqual({ regular: 0, advanced: 1, html: 0 });
  });

  it('make an answer slow, or huge', async () => {
    const bench = await startBench();
    await bench.dfs.script({
      on: 'call',
      call: 'tasks_ready',
      family: 'gemini',
      steps: [
        { fault: 'slow', ms: 150 },
        { fault: 'huge-body', bytes: 2_000_000 },
      ],
    });
    const startedMs = performance.now();
    await bench.ready(GEMINI);
    expect(performance.now() - startedMs).toBeGreaterThan(140);
    const response = await bench.fetch(`${GEMINI}/tasks_ready`);
    expect((await response.text()).length).toBeGreaterThan(2_000_000);
  });

  it('fall by rates too, differently for reading and posting', async () => {
    const bench = await startBench({ postFaults: { 'root-error': 1 }, readFaults: { 'http-error': 0.5 } });
    const body = await readBody(await bench.fetch(`${ORGANIC}/task_post`, POST));
    expect(body.status_code).toBe(50_000);
    const statuses = [];
    for (let n = 0; n < 16; n++) statuses.push((await bench.fetch('appendix/webhook_resend', POST)).status);
    expect(new Set(statuses)).toEqual(new Set([200, 502]));
  });
});

describe('points that the vendor leaves open', () => {
  it('are knobs', async () => {
    const bench = await startBench();
    const unknown = `${GEMINI}/task_get/advanced/11200912-9001-0626-0000-6c0e8a51f2d4`;
    expect(await bench.get(unknown)).toMatchObject({ status_code: 20_000, tasks: [{ status_code: 40_401 }] });
    expect((await bench.get(`${GEMINI}/tasks_ready`)).tasks[0]).toMatchObject({
      result: null,
      result_count: 0,
    });
    await bench.dfs.setKnobs({
      unknownIdStatus: 404,
      emptyList: 'array',
      pendingCode: '20100',
      costOnGet: true,
      offsetStyle: '+0000',
      htmlCollects: false,
      durationMs: 1_000,
    });
    expect((await bench.fetch(unknown)).status).toBe(404);
    expect((await bench.get(`${GEMINI}/tasks_ready`)).tasks[0]?.result).toEqual([]);
    const id = await bench.buy(GEMINI);
    expect(await bench.get(`${GEMINI}/task_get/html/${id}`)).toMatchObject({
      tasks_error: 0,
      tasks: [{ status_code: 20_100, result: null }],
    });
    await bench.dfs.ready({ id });
    const html = await bench.get(`${GEMINI}/task_get/html/${id}`);
    expect(html).toMatchObject({ cost: 0.0012, tasks: [{ cost: 0.0012, result: [{ items_count: 1 }] }] });
    expect(html.tasks[0]?.result?.[0]?.datetime).toMatch(/ \+0000$/);
    expect(await bench.ready(GEMINI)).toEqual([id]);
  });

  it('say which place a task belongs to when it is asked for in another', async () => {
    const bench = await startBench(
      {},
      {
        dataforseo: {
          accounts: {
            simulator: { password: 'simulator-password', usdMicros: 1e6 },
            other: { password: 'p', usdMicros: 1e6 },
          },
        },
      },
    );
    const organic = await bench.buy(ORGANIC);
    const gemini = await bench.buy(GEMINI);
    const code = async (path: string, id: string) =>
      (await bench.get(`${path}/task_get/advanced/${id}`)).tasks[0]?.status_code;
    expect(await code('serp/bing/organic', organic)).toBe(40_002);
    expect(await code('serp/google/images', organic)).toBe(40_003);
    expect(await code(GEMINI, organic)).toBe(40_004);
    expect(await code('ai_optimization/chat_gpt/llm_scraper', gemini)).toBe(40_002);
    const authorization = `Basic ${btoa('other:p')}`;
    const foreign = await bench.fetch(`${GEMINI}/task_get/advanced/${gemini}`, {
      headers: { authorization },
    });
    expect((await readBody(foreign)).tasks[0]?.status_code).toBe(40_001);
    expect((await bench.dfs.ledger()).totals.collected).toBe(0);
  });
});
