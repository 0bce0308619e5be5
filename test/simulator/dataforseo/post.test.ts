import { describe, expect, it } from 'vitest';
import { TASK_ID } from '../../../src/simulator/dataforseo/task-id.ts';
import { AUTH, basic, GEMINI, IMAGES, ORGANIC, readBody, startBench, TASK } from './helpers.ts';

const GPT = 'ai_optimization/chat_gpt/llm_scraper';

describe('task_post of the simulated DataForSEO', () => {
  it('refuses calls without good credentials, and paths that do not exist', async () => {
    const { fetch } = await startBench();
    for (const authorization of ['', basic('simulator', 'wrong'), basic('nobody', ''), 'Bearer x']) {
      const response = await fetch(`${GEMINI}/tasks_ready`, { headers: { authorization } });
      expect(response.status).toBe(401);
      expect(await readBody(response)).toMatchObject({ status_code: 40_100, tasks: null });
    }
    const paths = [
      `${GEMINI}/tasks_fixed`,
      `${GEMINI}/task_get/regular/x`,
      'serp/google/jobs/task_post',
      'x',
    ];
    for (const path of paths) {
      const response = await fetch(path);
      expect([path, response.status, (await readBody(response)).status_code]).toEqual([path, 404, 40_400]);
    }
  });

  it('takes nothing but arrays with something in them', async () => {
    const { post, fetch, dfs } = await startBench();
    expect(await post(`${GEMINI}/task_post`, TASK)).toMatchObject({ status_code: 40_503, tasks: null });
    expect(await post(`${GEMINI}/task_post`, [])).toMatchObject({ status_code: 40_502, tasks: null });
    const empty = await fetch(`${GEMINI}/task_post`, { method: 'POST', body: '' });
    expect(await readBody(empty)).toMatchObject({ status_code: 40_502 });
    const broken = await fetch(`${GEMINI}/task_post`, { method: 'POST', body: '[{"keyword":' });
    expect(await readBody(broken)).toMatchObject({ status_code: 40_503 });
    expect((await dfs.ledger()).totals.tasks).toBe(0);
  });

  it('judges each task of a call by itself, and makes the valid ones', async () => {
    const { post, dfs } = await startBench();
    const { location_code: _, ...nowhere } = TASK;
    const { language_code: __, ...speechless } = TASK;
    const body = await post(`${ORGANIC}/task_post`, [
      { ...TASK, tag: 'good' },
      nowhere,
      speechless,
      { ...TASK, keyword: ' ' },
      { ...TASK, colour: 'red' },
      { ...TASK, force_web_search: true },
      { ...TASK, postback_url: 'https://me.example/x' },
      { ...TASK, tag: 'x'.repeat(256) },
      { ...TASK, keyword: 'x'.repeat(701) },
      { ...TASK, depth: 701 },
      { ...TASK, priority: 3 },
      'no task',
      { ...nowhere, location_name: 'Germany', tag: 'named' },
    ]);
    expect(
      body.tasks.map((task) => [
        task.status_code,
        /'(\w+)'|: (\w+)\./.exec(task.status_message)?.slice(1).join(''),
      ]),
    ).toEqual([
      [20_100, undefined],
      [40_501, 'location_code'],
      [40_501, 'language_code'],
      [40_501, 'keyword'],
      [40_506, 'colour'],
      [40_506, 'force_web_search'],
      [40_501, 'postback_data'],
      [40_501, 'tag'],
      [40_501, 'keyword'],
      [40_501, 'depth'],
      [40_501, 'priority'],
      [40_503, undefined],
      [20_100, undefined],
    ]);
    expect(body).toMatchObject({ status_code: 20_000, cost: 0.0012, tasks_count: 13, tasks_error: 11 });
    expect(body.tasks.every((task) => TASK_ID.test(task.id))).toBe(true);
    const { tasks } = await dfs.ledger();
    expect(tasks.map((task) => task.tag)).toEqual(['good', 'named']);
  });

  it('refuses cache: where the engine has none, the other API fields, and postback data of no variant', async () => {
    const { post } = await startBench();
    const code = async (path: string, fields: object) =>
      (await post(`${path}/task_post`, [{ ...TASK, ...fields }])).tasks[0]?.status_code;
    expect(await code(IMAGES, { keyword: 'cache:x.example' })).toBe(40_501);
    expect(await code(IMAGES, { device: 'desktop' })).toBe(40_506);
    const postback = { postback_url: 'https://me.example/x', postback_data: 'regular' };
    expect(await code(GEMINI, postback)).toBe(40_501);
    expect(await code(ORGANIC, postback)).toBe(20_100);
    expect(await code(GPT, { location_coordinate: '1.5,2.5,200' })).toBe(40_501);
    expect(await code(GEMINI, { location_coordinate: '1.5,2.5,200', location_code: undefined })).toBe(20_100);
  });

  it('takes a hundred tasks of a call, and tells the rest', async () => {
    const { post, dfs } = await startBench();
    const tasks = Array.from({ length: 103 }, (_, n) => ({ ...TASK, tag: `t/${n}` }));
    const body = await post(`${GEMINI}/task_post`, tasks);
    expect(body).toMatchObject({ status_code: 20_000, tasks_count: 103, tasks_error: 3, cost: 0.12 });
    expect(body.tasks.slice(99).map((task) => [task.status_code, task.data.tag])).toEqual([
      [20_100, 't/99'],
      [40_006, 't/100'],
      [40_006, 't/101'],
      [40_006, 't/102'],
    ]);
    expect((await dfs.ledger()).totals.tasks).toBe(100);
  });

  it('decodes keywords as addresses are decoded, and echoes them in the result', async () => {
    const { buy, get } = await startBench();
    const cases = [
      ['1+1', '1 1'],
      ['1%2B1', '1+1'],
      ['100%25', '100%'],
      ['100% sure', '100% sure'],
      ['caf%C3%A9', 'café'],
      ['%ff', '%ff'],
    ];
    for (const [keyword, decoded] of cases) {
      const id = await buy(GEMINI, { keyword });
      const got = await get(`${GEMINI}/task_get/advanced/${id}`);
      expect(got.tasks[0]?.result?.[0]?.keyword).toBe(decoded);
      expect(got.tasks[0]?.data.keyword).toBe(keyword);
    }
  });

  it('echoes defaults as its own documentation does', async () => {
    const { post, dfs } = await startBench();
    const serp = await post(`${IMAGES}/task_post`, [TASK]);
    expect(serp.tasks[0]?.data).toEqual({
      api: 'serp',
      function: 'task_post',
      se: 'google',
      se_type: 'images',
      ...TASK,
      device: 'desktop',
      os: 'windows',
    });
    await dfs.setKnobs({ priorityAsText: true });
    const ai = await post(`${GPT}/task_post`, [{ ...TASK, priority: 2 }]);
    expect(ai.tasks[0]?.data).toMatchObject({ se: 'chat_gpt', function: 'llm_scraper', priority: '2' });
  });

  it('answers compressed to those who ask, and with the room that is left', async () => {
    const { simulator } = await startBench();
    const url = `${simulator.url}/v3/${GEMINI}/tasks_ready`;
    const ask = (encoding: string) =>
      fetch(url, { headers: { authorization: AUTH, 'accept-encoding': encoding } });
    const zipped = await ask('gzip, deflate');
    expect(zipped.headers.get('content-encoding')).toBe('gzip');
    expect(zipped.headers.get('x-ratelimit-limit')).toBe('20');
    expect(zipped.headers.get('x-ratelimit-remaining')).toBe('19');
    expect(await readBody(zipped)).toMatchObject({ status_code: 20_000 });
    const plain = await ask('identity');
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(plain.headers.get('x-ratelimit-remaining')).toBe('18');
  });

  it('makes nothing that the account cannot pay for, and says so in the way that is asked', async () => {
    const { post, fetch, dfs } = await startBench(
      {},
      { dataforseo: { accounts: { simulator: { password: 'simulator-password', usdMicros: 2_000 } } } },
    );
    const two = [
      { ...TASK, tag: 'a' },
      { ...TASK, tag: 'b' },
    ];
    const response = await fetch(`${GEMINI}/task_post`, { method: 'POST', body: JSON.stringify(two) });
    expect([response.status, (await readBody(response)).status_code]).toEqual([402, 40_200]);
    await dfs.setKnobs({ noFunds: 'root-40210' });
    expect(await post(`${GEMINI}/task_post`, two)).toMatchObject({ status_code: 40_210, tasks: null });
    expect((await dfs.ledger()).totals.tasks).toBe(0);
    await dfs.setKnobs({ noFunds: 'task-40210' });
    const body = await post(`${GEMINI}/task_post`, two);
    expect(body.tasks.map((task) => task.status_code)).toEqual([20_100, 40_210]);
    expect((await dfs.state()).balances).toEqual({ simulator: 800 });
    expect((await dfs.fund('simulator', 400)).balance).toBe(1_200);
    expect((await post(`${GEMINI}/task_post`, [TASK])).tasks[0]?.status_code).toBe(20_100);
  });
});
