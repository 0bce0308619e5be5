import { describe, expect, it, vi } from 'vitest';
import { startReceiver, type Receiver } from './callback-receiver.ts';
import type { CallbackFault } from '../../../src/simulator/dataforseo/faults.ts';
import { GEMINI, MINUTE_MS, ORGANIC, startBench, TASK, type Bench } from './helpers.ts';

const postback = (receiver: Receiver, fields = {}) => ({
  postback_url: `${receiver.url}/post?id=$id&tag=$tag`,
  postback_data: 'advanced',
  ...fields,
});

async function arrived(receiver: Receiver, count: number): Promise<void> {
  await vi.waitFor(() => expect(receiver.received).toHaveLength(count), 10_000);
}

async function settled(bench: Bench, id: string, sent: number): Promise<void> {
  await vi.waitFor(async () => expect((await bench.booked(id))?.callbacks.sent).toBe(sent), 10_000);
}

describe('callbacks of the simulated DataForSEO', () => {
  it('post the compressed result when the task is done, and keep it out of the ready list', async () => {
    const receiver = await startReceiver();
    const bench = await startBench({ durationMs: MINUTE_MS });
    const id = await bench.buy(GEMINI, postback(receiver, { tag: 'a b/ü' }));
    expect(receiver.received).toEqual([]);
    await bench.control.advance(MINUTE_MS);
    await arrived(receiver, 1);
    expect(receiver.received[0]).toMatchObject({
      method: 'POST',
      url: `/post?id=${id}&tag=a%20b%2F%C3%BC`,
      encoding: 'gzip',
    });
    await settled(bench, id, 1);
    expect(await bench.ready(GEMINI)).toEqual([]);
    const got = await bench.get(`${GEMINI}/task_get/advanced/${id}`);
    expect(receiver.read(0)).toEqual(got);
  });

  it('ping without a body, and leave the task in the ready list', async () => {
    const receiver = await startReceiver();
    const bench = await startBench();
    const id = await bench.buy(ORGANIC, { pingback_url: `${receiver.url}/ping#$id?$tag`, tag: '$id' });
    await arrived(receiver, 1);
    expect(receiver.received[0]).toMatchObject({ method: 'GET', url: `/ping%23${id}?%24id` });
    expect(receiver.received[0]?.body).toHaveLength(0);
    await settled(bench, id, 1);
    expect(await bench.ready(ORGANIC)).toEqual([id]);
  });

  it('are made for tasks that control ends, and for tasks that failed', async () => {
    const receiver = await startReceiver();
    const bench = await startBench({ durationMs: MINUTE_MS });
    await bench.dfs.script({ on: 'task', steps: [{ faults: ['engine-error'] }] });
    await bench.buy(GEMINI, postback(receiver));
    await bench.dfs.ready();
    await arrived(receiver, 1);
    expect(receiver.read(0).tasks).toMatchObject([{ status_code: 40_101, result: null }]);
  });

  it('that fail bring the task to the ready list and to the errors, and can be made again', async () => {
    const receiver = await startReceiver();
    const bench = await startBench();
    receiver.status = 500;
    const id = await bench.buy(GEMINI, postback(receiver));
    await settled(bench, id, 1);
    expect(await bench.ready(GEMINI)).toEqual([id]);
    const errors = await bench.post('ai_optimization/errors', [{ filtered_function: 'postback_url' }]);
    expect(errors.tasks[0]?.result).toMatchObject([
      { id, function: 'postback_url', http_code: 500, http_method: 'POST', http_response: 'told' },
    ]);
    receiver.status = 204;
    const resent = await bench.post('appendix/webhook_resend', [{ id }, { id: 'unknown' }]);
    expect(resent.tasks.map((task) => [task.status_code, task.result])).toEqual([
      [20_000, null],
      [40_401, null],
    ]);
    await arrived(receiver, 2);
    expect(receiver.read(1)).toEqual(receiver.read(0));
    await settled(bench, id, 2);
    expect((await bench.booked(id))?.callbacks).toEqual({ sent: 2, failed: 1, skipped: false });
    expect(await bench.ready(GEMINI)).toEqual([]);
  });

  it('fail too if nobody answers in time, or nobody is there', async () => {
    const receiver = await startReceiver();
    const bench = await startBench({ callbackTimeoutMs: 100 });
    receiver.status = 0;
    const silent = await bench.buy(GEMINI, postback(receiver));
    await settled(bench, silent, 1);
    const nobody = await bench.buy(GEMINI, { postback_url: 'http://127.0.0.1:9/x', postback_data: 'html' });
    await settled(bench, nobody, 1);
    expect(await bench.ready(GEMINI)).toEqual([silent, nobody]);
    const errors = await bench.post('ai_optimization/errors', [{}]);
    expect(errors.tasks[0]?.result?.map((row) => row.http_code)).toEqual([0, 0]);
  });

  it('get lost, come three times, late, or before the answer to the POST, as their faults say', async () => {
    const receiver = await startReceiver();
    const bench = await startBench();
    const buyWith = async (fault: CallbackFault) => {
      await bench.dfs.script({ on: 'task', tag: fault, steps: [{ faults: [fault] }] });
      return bench.buy(GEMINI, postback(receiver, { tag: fault }));
    };
    const lost = await buyWith('callback-lost');
    await vi.waitFor(async () =>
      expect((await bench.dfs.ledger()).tasks[0]?.callbacks).toEqual({ sent: 0, failed: 0, skipped: true }),
    );
    expect(await bench.ready(GEMINI)).toEqual([]);
    const tripled = await buyWith('callback-tripled');
    await settled(bench, tripled, 3);
    const late = await buyWith('callback-late');
    const early = await buyWith('callback-early');
    // `buy` has just returned: whatever is here came before it.
    expect(receiver.received.at(-1)?.url).toContain(early);
    expect(receiver.received.some(({ url }) => url.includes(late))).toBe(false);
    await bench.control.advance(MINUTE_MS);
    await settled(bench, late, 1);
    await bench.post('appendix/webhook_resend', [{ id: lost }]);
    await settled(bench, lost, 1);
    expect(receiver.received).toHaveLength(6);
  });

  // Chaos seed 310: a result was posted of tasks that its ledger called pending for ever.
  it('come early of tasks that have ended alone: one that is drawn stuck too has ended as well', async () => {
    const receiver = await startReceiver();
    const bench = await startBench();
    await bench.dfs.script({ on: 'task', steps: [{ faults: ['stuck', 'callback-early'] }] });
    const id = await bench.buy(GEMINI, postback(receiver));
    await settled(bench, id, 1);
    const [task] = (await bench.dfs.ledger()).tasks;
    expect(task).toMatchObject({ id, code: 20_000 });
  });

  it('leave a short time in which the task is in the ready list, as a fault says', async () => {
    const receiver = await startReceiver();
    const bench = await startBench();
    await bench.dfs.script({ on: 'task', steps: [{ faults: ['listed-before-postback', 'callback-late'] }] });
    const id = await bench.buy(GEMINI, postback(receiver));
    expect(await bench.ready(GEMINI)).toEqual([id]);
    await bench.control.advance(MINUTE_MS);
    await settled(bench, id, 1);
    expect(await bench.ready(GEMINI)).toEqual([]);
  });

  it('have bodies that break careless receivers, as their faults say', async () => {
    const receiver = await startReceiver();
    const bench = await startBench({ hugeBytes: 3_000_000 });
    const receive = async (fault: CallbackFault) => {
      await bench.dfs.script({ on: 'task', steps: [{ faults: [fault] }] });
      const before = receiver.received.length;
      await bench.buy(GEMINI, postback(receiver));
      await arrived(receiver, before + 1);
      return before;
    };
    const bare = await receive('postback-no-encoding');
    expect(receiver.received[bare]?.encoding).toBeUndefined();
    expect(receiver.read(bare).status_code).toBe(20_000);
    const plain = await receive('postback-not-gzip');
    expect(receiver.received[plain]?.body.toString('utf8')).toMatch(/^\{"version"/);
    const broken = await receive('postback-not-json');
    expect(() => receiver.read(broken)).toThrow('JSON');
    const huge = await receive('postback-huge');
    expect(JSON.stringify(receiver.read(huge)).length).toBeGreaterThan(3_000_000);
  });

  it('keep the distance that the account asks for', async () => {
    const receiver = await startReceiver();
    const bench = await startBench({ callbackSpacingMs: 60 });
    const startedMs = performance.now();
    await bench.post(
      `${GEMINI}/task_post`,
      Array.from({ length: 4 }, () => ({ ...TASK, ...postback(receiver) })),
    );
    await arrived(receiver, 4);
    expect(performance.now() - startedMs).toBeGreaterThan(175);
  });

  it('are made for many tasks, each once', async () => {
    const receiver = await startReceiver();
    const bench = await startBench({ durationMs: 1_000 });
    const tasks = Array.from({ length: 100 }, (_, n) => ({ ...TASK, ...postback(receiver), tag: `t/${n}` }));
    await bench.post(`${GEMINI}/task_post`, tasks);
    await bench.control.advance(1_000);
    await bench.control.advance(1_000);
    await arrived(receiver, 100);
    expect(new Set(receiver.received.map(({ url }) => url)).size).toBe(100);
  });
});
