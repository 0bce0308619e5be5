import { describe, expect, it } from 'vitest';
import { HOUR_MS, KEY, makeSimulation, startBench, type Bench } from './helpers.ts';

const call = (bench: Bench, query: string, scraper = 'perplexity', signal?: AbortSignal) =>
  fetch(`${bench.simulator.url}/scrapers/${scraper}?${query}`, {
    headers: { 'x-api-key': KEY },
    ...(signal && { signal }),
  });

describe('a sync call', () => {
  it('holds the connection until the answer is there, and charges with the 200', async () => {
    const bench = await startBench({ knobs: { attemptFailureRate: 0, durationMs: HOUR_MS } });
    const answer = call(bench, 'prompt=desk+lamp&timeout=600');
    await expect.poll(async () => (await bench.control.state()).calls['GET /scrapers/{scraper}']).toBe(1);
    expect((await bench.control.ledger()).totals).toMatchObject({ jobs: 0, charged: 0 });
    await bench.control.advance(HOUR_MS);
    const response = await answer;
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      scraper: 'perplexity',
      status: 'done',
      prompt: 'desk lamp',
      sources: expect.any(Array),
      credits_used: 3,
      cached: false,
    });
    const { jobs } = await bench.control.ledger();
    expect(jobs).toMatchObject([{ kind: 'sync', charged: 3, collected: 1, outcome: 'done' }]);
    expect((await bench.poll(jobs[0]?.jobId ?? '')).status).toBe(404);
  });

  it('charges nothing when the client hangs up', async () => {
    const bench = await startBench({ knobs: { durationMs: HOUR_MS } });
    const gone = new AbortController();
    const answer = call(bench, 'prompt=x', 'grok', gone.signal);
    await expect.poll(async () => (await bench.control.state()).calls['GET /scrapers/{scraper}']).toBe(1);
    gone.abort();
    await expect(answer).rejects.toThrow(/abort/);
    await bench.control.advance(2 * HOUR_MS);
    expect((await bench.control.ledger()).totals).toMatchObject({ jobs: 0, charged: 0 });
  });

  it('is 500 when its attempt fails and 408 when it takes longer than its timeout, free of charge', async () => {
    const bench = await startBench({ speed: 1_000, knobs: { attemptFailureRate: 1 } });
    expect((await call(bench, 'prompt=x')).status).toBe(500);
    await bench.control.setKnobs({ attemptFailureRate: 0, attemptMedianMs: 50_000, attemptP95Ms: 50_001 });
    expect((await call(bench, 'prompt=x&timeout=10')).status).toBe(408);
    expect((await bench.control.state()).balances[KEY]).toBe(1_000_000);
  });

  it('obeys the rules of a submit: key, scraper, parameters, credits, scripted refusals', async () => {
    const bench = await startBench({ apiKeys: { [KEY]: 2 } });
    const { url } = bench.simulator;
    expect((await fetch(`${url}/scrapers/grok?prompt=x`)).status).toBe(401);
    expect((await call(bench, 'prompt=x', 'bing')).status).toBe(404);
    expect((await call(bench, '')).status).toBe(400);
    expect((await call(bench, 'prompt=x')).status).toBe(429);
    await bench.control.script({ on: 'submit', steps: [{ fault: 'error-503' }, { fault: 'reset-before' }] });
    expect((await call(bench, 'prompt=x')).status).toBe(503);
    await expect(call(bench, 'prompt=x')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  });

  it('leaves a job that can be polled where the knob says so', () => {
    const { sim, wall } = makeSimulation({ knobs: { syncJobsPollable: true, attemptFailureRate: 0 } });
    const run = sim.beginSync({ apiKey: KEY, scraper: 'gemini', query: { prompt: 'x' } });
    wall.ms += run.readyAtMs - wall.ms;
    expect(run.finish().status).toBe(200);
    expect(sim.poll(sim.ledger().jobs[0]?.jobId ?? '').body).toMatchObject({ status: 'done' });
  });
});
