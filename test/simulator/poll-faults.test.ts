import { describe, expect, it } from 'vitest';
import { KEY, makeSimulation, readJson, startBench, submitTo } from './helpers.ts';

describe('a poll fault', () => {
  it('error-500 and rate-limited answer with detail, error-502 with the page of a gateway', async () => {
    const bench = await startBench();
    const id = await bench.buy({ prompt: 'x' });
    await bench.control.script({
      on: 'poll',
      steps: [{ fault: 'error-500' }, { fault: 'rate-limited' }, { fault: 'error-502' }],
    });
    const first = await bench.poll(id);
    expect([first.status, await readJson(first)]).toEqual([500, { detail: 'Internal server error' }]);
    expect((await bench.poll(id)).status).toBe(429);
    const third = await bench.poll(id);
    expect([third.status, third.headers.get('content-type')]).toEqual([502, 'text/html']);
    expect(await readJson(await bench.poll(id))).toMatchObject({ job_id: id });
  });

  it('html-body and garbage-body answer 200 with something else than JSON', async () => {
    const bench = await startBench();
    const id = await bench.buy({ prompt: 'x' });
    await bench.control.script({ on: 'poll', steps: [{ fault: 'html-body' }, { fault: 'garbage-body' }] });
    const page = await bench.poll(id);
    expect(page.status).toBe(200);
    expect(await page.text()).toMatch(/^<!DOCTYPE html>/);
    const garbage = await bench.poll(id);
    expect(garbage.status).toBe(200);
    await expect(garbage.json()).rejects.toThrow(SyntaxError);
  });

  it('reset cuts the connection and delivers nothing', async () => {
    const bench = await startBench({ knobs: { pollFaults: { reset: 1 } } });
    const id = await bench.buy({ prompt: 'x' });
    await bench.control.ready();
    await expect(bench.poll(id)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect((await bench.control.ledger()).totals.collected).toBe(0);
  });

  it('slow answers late', async () => {
    const bench = await startBench({ knobs: { pollFaults: { slow: 1 }, slowPollMs: 40 } });
    const id = await bench.buy({ prompt: 'x' });
    const startedMs = performance.now();
    expect((await bench.poll(id)).status).toBe(200);
    expect(performance.now() - startedMs).toBeGreaterThan(35);
  });

  it('not-found hits young jobs only', () => {
    const { sim, wall } = makeSimulation({ knobs: { pollFaults: { 'not-found': 1 }, youngJobMs: 4_000 } });
    const { job_id: id } = submitTo(sim, { prompt: 'x' });
    expect(sim.poll(id).status).toBe(404);
    wall.ms += 3_999;
    expect(sim.poll(id).status).toBe(404);
    wall.ms += 1;
    expect(sim.poll(id).status).toBe(200);
  });

  it('unknown-status shows a status that no page documents', () => {
    const { sim } = makeSimulation({ knobs: { pollFaults: { 'unknown-status': 1 } } });
    const { job_id: id } = submitTo(sim, { prompt: 'x' });
    expect(sim.poll(id).body).toMatchObject({ job_id: id, status: 'processing' });
    sim.script({ on: 'poll', scraper: 'chatgpt', steps: [{ fault: 'unknown-status', status: 'retrying' }] });
    expect(sim.poll(id).body).toMatchObject({ status: 'retrying' });
  });

  it.each(['not-found', 'unknown-status'] as const)('%s never takes back a terminal state', (fault) => {
    const { sim, wall } = makeSimulation({ knobs: { durationMs: 0 } });
    const { job_id: id } = submitTo(sim, { prompt: 'x' });
    expect(sim.poll(id).body).toMatchObject({ status: 'done' });
    sim.script({ on: 'poll', key: KEY, steps: Array.from({ length: 9 }, () => ({ fault })) });
    for (let i = 0; i < 9; i++) {
      wall.ms += 2_000;
      expect(sim.poll(id).body).toMatchObject({ status: 'done' });
    }
  });
});

describe('any order of faults', () => {
  it('leaves a job that was done or failed the way it was', () => {
    const rates = { 'error-500': 0.2, 'html-body': 0.2, 'unknown-status': 0.3, 'not-found': 0.3, reset: 0.1 };
    const { sim, wall } = makeSimulation({ knobs: { pollFaults: rates, attemptFailureRate: 0.5 } });
    for (let n = 0; n < 60; n++) {
      const { job_id: id } = submitTo(sim, { prompt: `job ${n}` });
      const told: string[] = [];
      for (let look = 0; look < 40; look++) {
        wall.ms += 3_000;
        const reply = sim.poll(id);
        if (reply.status === 200 && reply.contentType === undefined) told.push(JSON.stringify(reply.body));
      }
      const end = told.findIndex((body) => /"status":"(done|failed)"/.test(body));
      expect(end).toBeGreaterThanOrEqual(0);
      expect(new Set(told.slice(end)).size).toBe(1);
    }
  });
});
