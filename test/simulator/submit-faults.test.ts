import { describe, expect, it } from 'vitest';
import type { SubmitFault } from '../../src/simulator/faults.ts';
import { KEY, makeSimulation, readJson, startBench, submitTo } from './helpers.ts';

const NO_JOB = { jobs: 0, charged: 0, submitsSeen: 1 };
const ONE_JOB = { jobs: 1, charged: 3, submitsSeen: 1 };

describe('a fault before the job', () => {
  it.each<[SubmitFault, number, RegExp]>([
    ['rate-limited', 429, /^Rate limit exceeded/],
    ['queue-full', 429, /queue is full/],
    ['credit-limit', 429, /^Credit limit reached/],
    ['error-500', 500, /./],
    ['error-503', 503, /warming up/],
    ['error-504', 504, /timeout/],
  ])('%s answers %i with its detail, makes no job and charges nothing', async (fault, status, detail) => {
    const bench = await startBench();
    await bench.control.script({ on: 'submit', steps: [{ fault }] });
    const response = await bench.submit({ prompt: 'x' });
    expect(response.status).toBe(status);
    expect((await readJson(response)).detail).toMatch(detail);
    expect((await bench.control.ledger('x')).jobs).toEqual([]);
    expect((await bench.control.ledger()).totals).toMatchObject(NO_JOB);
  });

  it('reset-before cuts the connection, and the ledger shows no job', async () => {
    const bench = await startBench({ knobs: { submitFaults: { 'reset-before': 1 } } });
    await expect(bench.submit({ prompt: 'x' })).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect((await bench.control.ledger()).totals).toMatchObject(NO_JOB);
  });
});

describe('a fault after the job', () => {
  it('reset-after cuts the connection, and the ledger shows the paid job', async () => {
    const bench = await startBench({ knobs: { submitFaults: { 'reset-after': 1 } } });
    await expect(bench.submit({ prompt: 'x' })).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    const { jobs, totals } = await bench.control.ledger();
    expect(totals).toMatchObject(ONE_JOB);
    await bench.control.ready();
    expect(await readJson(await bench.poll(jobs[0]?.jobId ?? ''))).toMatchObject({ status: 'done' });
  });

  it.each<[SubmitFault, number]>([
    ['error-500-after', 500],
    ['error-504-after', 504],
  ])('%s answers %i although the job is made and charged', async (fault, status) => {
    const bench = await startBench({ knobs: { submitFaults: { [fault]: 1 } } });
    expect((await bench.submit({ prompt: 'x' })).status).toBe(status);
    expect((await bench.control.ledger()).totals).toMatchObject(ONE_JOB);
  });

  it('slow answers late, and the job is there before the answer', async () => {
    const bench = await startBench();
    await bench.control.script({ on: 'submit', steps: [{ fault: 'slow', ms: 600_000 }] });
    const gone = new AbortController();
    const answer = fetch(`${bench.simulator.url}/scrapers/chatgpt/jobs?prompt=x`, {
      method: 'POST',
      headers: { 'x-api-key': KEY },
      signal: gone.signal,
    });
    await expect.poll(async () => (await bench.control.state()).submitsInFlight).toBe(1);
    expect((await bench.control.ledger()).totals).toMatchObject(ONE_JOB);
    gone.abort();
    await expect(answer).rejects.toThrow(/abort/);
    await expect.poll(async () => (await bench.control.state()).submitsInFlight).toBe(0);
    expect((await bench.control.state()).submitsInFlightPeak).toBe(1);
  });

  it('slow does answer in the end', async () => {
    const bench = await startBench({ knobs: { submitFaults: { slow: 1 }, slowSubmitMs: 40 } });
    const startedMs = performance.now();
    expect((await bench.submit({ prompt: 'x' })).status).toBe(202);
    expect(performance.now() - startedMs).toBeGreaterThan(35);
  });

  it('no-job-id answers 202 without the id', async () => {
    const bench = await startBench({ knobs: { submitFaults: { 'no-job-id': 1 } } });
    const response = await bench.submit({ prompt: 'x' });
    expect(response.status).toBe(202);
    expect(await readJson(response)).not.toHaveProperty('job_id');
    expect((await bench.control.ledger()).totals).toMatchObject(ONE_JOB);
  });

  it('garbage-body answers 202 with a body that does not parse', async () => {
    const bench = await startBench({ knobs: { submitFaults: { 'garbage-body': 1 } } });
    const response = await bench.submit({ prompt: 'x' });
    expect(response.status).toBe(202);
    await expect(response.json()).rejects.toThrow(SyntaxError);
    expect((await bench.control.ledger()).totals).toMatchObject(ONE_JOB);
  });
});

describe('a fault of the job itself', () => {
  it('fail-job fails it and gives the money back', async () => {
    const bench = await startBench({ knobs: { submitFaults: { 'fail-job': 1 } } });
    const id = await bench.buy({ prompt: 'x' });
    await bench.control.ready();
    expect(await readJson(await bench.poll(id))).toMatchObject({ status: 'failed' });
    expect((await bench.control.ledger()).totals).toMatchObject({ charged: 3, refunded: 3, failed: 1 });
  });

  it.each(['chatgpt', 'amazon_rufus'])(
    'empty-answer makes %s done with neither text nor products',
    async (scraper) => {
      const bench = await startBench({ knobs: { submitFaults: { 'empty-answer': 1 } } });
      const id = await bench.buy({ prompt: 'x' }, scraper);
      await bench.control.ready();
      const { status, result } = await readJson(await bench.poll(id));
      expect(status).toBe('done');
      expect(result).toMatchObject({ status: 'done', result_markdown: '', credits_used: 3 });
      expect(result).not.toHaveProperty('products');
      expect(result.result ?? '').toBe('');
    },
  );

  it('duration makes it take exactly that long, whatever the speed', () => {
    const { sim, wall } = makeSimulation({ speed: 50 });
    sim.script({ on: 'submit', steps: [{ fault: 'duration', ms: 90_000 }] });
    const { job_id: id } = submitTo(sim, { prompt: 'x' });
    wall.ms += 89_999;
    expect(sim.poll(id).body).toMatchObject({ status: 'pending' });
    wall.ms += 1;
    expect(sim.poll(id).body).toMatchObject({ status: 'done' });
  });
});

describe('scripts and rates', () => {
  it("are consumed one step a call: the key's first, then the scraper's, then everybody's, then the rates", () => {
    const { sim } = makeSimulation({ knobs: { submitFaults: { 'error-504': 1 } } });
    sim.script({ on: 'submit', steps: [{ fault: 'error-500' }] });
    sim.script({ on: 'submit', scraper: 'grok', steps: [{ fault: 'error-503' }, { fault: 'none' }] });
    sim.script({ on: 'submit', key: KEY, steps: [{ fault: 'rate-limited' }] });
    expect(sim.summary().scriptedSteps).toEqual({
      'submit all': 1,
      'submit scraper grok': 2,
      [`submit key ${KEY}`]: 1,
    });
    const statuses = Array.from(
      { length: 5 },
      () => sim.submit({ apiKey: KEY, scraper: 'grok', query: { prompt: 'x' } }).status,
    );
    expect(statuses).toEqual([429, 503, 202, 500, 504]);
  });

  it('leave calls alone that are not valid', () => {
    const { sim } = makeSimulation();
    sim.script({ on: 'submit', steps: [{ fault: 'error-500' }] });
    expect(sim.submit({ apiKey: KEY, scraper: 'grok', query: {} }).status).toBe(400);
    expect(sim.submit({ apiKey: 'no', scraper: 'grok', query: { prompt: 'x' } }).status).toBe(401);
    expect(sim.summary().scriptedSteps).toEqual({ 'submit all': 1 });
  });

  it('hit about as many calls as the rate says, the same ones with the same seed', () => {
    const first = statuses('one');
    const hits = first.filter((status) => status === 503).length;
    expect(hits).toBeGreaterThan(70);
    expect(hits).toBeLessThan(130);
    expect(statuses('one')).toEqual(first);
    expect(statuses('two')).not.toEqual(first);
  });
});

/** What 500 submits of 100 prompts are answered when a fifth of them is to fail. */
function statuses(seed: string): number[] {
  const { sim } = makeSimulation({
    seed,
    apiKeys: { [KEY]: 9_999 },
    knobs: { submitFaults: { 'error-503': 0.2 } },
  });
  return Array.from(
    { length: 500 },
    (_, i) => sim.submit({ apiKey: KEY, scraper: 'grok', query: { prompt: `${i % 100}` } }).status,
  );
}
