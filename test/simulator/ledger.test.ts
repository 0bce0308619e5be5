import { describe, expect, it } from 'vitest';
import { HOUR_MS, KEY, makeSimulation, readJson, startBench, submitTo } from './helpers.ts';

describe('money', () => {
  it('is taken at submit: 3 credits, whether the result is collected or not', async () => {
    const bench = await startBench({ apiKeys: { [KEY]: 10 } });
    await bench.buy({ prompt: 'x' });
    expect((await bench.control.state()).balances[KEY]).toBe(7);
    await bench.control.advance(25 * HOUR_MS);
    expect((await bench.control.ledger()).totals).toMatchObject({ charged: 3, refunded: 0, collected: 0 });
  });

  it('comes back in the instant a job fails, and not before', () => {
    const { sim, wall } = makeSimulation({ knobs: { attemptFailureRate: 1, durationMs: 10_000 } });
    submitTo(sim, { prompt: 'x' });
    wall.ms += 9_999;
    expect(sim.summary().balances[KEY]).toBe(997);
    wall.ms += 1;
    expect(sim.summary().balances[KEY]).toBe(1_000);
    expect(sim.ledger().jobs[0]).toMatchObject({ outcome: 'failed', charged: 3, refunded: 3 });
  });

  it('comes back late or never where the knob says so, also after the job is forgotten', () => {
    for (const [refundDelayMs, late] of [
      [30 * HOUR_MS, 3],
      [null, 0],
    ] as const) {
      const { sim, wall } = makeSimulation({ knobs: { attemptFailureRate: 1, refundDelayMs } });
      submitTo(sim, { prompt: 'x' });
      wall.ms += HOUR_MS;
      expect(sim.ledger().totals.refunded).toBe(0);
      wall.ms += 31 * HOUR_MS;
      expect(sim.ledger().totals.refunded).toBe(late);
      expect(sim.summary().balances[KEY]).toBe(997 + late);
    }
  });

  it('that does not cover the whole price buys nothing, and funding helps', async () => {
    const bench = await startBench({ apiKeys: { [KEY]: 5, other: 3 } });
    await bench.buy({ prompt: '1' });
    const refused = await bench.submit({ prompt: '2' });
    expect(refused.status).toBe(429);
    expect((await readJson(refused)).detail).toMatch(/^Credit limit reached/);
    expect((await bench.control.state()).balances).toEqual({ [KEY]: 2, other: 3 });
    expect(await bench.control.fund(KEY, 1)).toEqual({ balance: 3 });
    await bench.buy({ prompt: '2' });
  });

  it('running out is 401 or 402 where the knob says so', async () => {
    for (const noCreditsStatus of [401, 402] as const) {
      const bench = await startBench({ apiKeys: { [KEY]: 0 }, knobs: { noCreditsStatus } });
      expect((await bench.submit({ prompt: 'x' })).status).toBe(noCreditsStatus);
    }
  });

  it('runs out without stopping polls', async () => {
    const bench = await startBench({ apiKeys: { [KEY]: 3 } });
    const id = await bench.buy({ prompt: 'x' });
    expect((await bench.submit({ prompt: 'y' })).status).toBe(429);
    await bench.control.ready();
    expect(await readJson(await bench.poll(id))).toMatchObject({ status: 'done' });
  });
});

describe('the ledger', () => {
  it('tells of every job what it cost and what became of it', async () => {
    const bench = await startBench({ knobs: { durationMs: 5_000 } });
    const id = await bench.buy({ prompt: 'desk lamp', country: 'DE', mode: 'smart' }, 'copilot');
    expect((await bench.control.ledger()).jobs).toMatchObject([
      {
        jobId: id,
        key: KEY,
        kind: 'async',
        scraper: 'copilot',
        prompt: 'desk lamp',
        country: 'DE',
        params: { mode: 'smart', bypassCache: false },
        state: 'pending',
        outcome: 'pending',
        charged: 3,
        refunded: 0,
        collected: 0,
        firstReadyAt: null,
        firstDeliveredAt: null,
      },
    ]);
    await bench.control.advance(5_000);
    const [waiting] = (await bench.control.ledger()).jobs;
    expect(waiting).toMatchObject({ state: 'done', outcome: 'done', collected: 0 });
    expect(Date.parse(waiting?.firstReadyAt ?? '') - Date.parse(waiting?.createdAt ?? '')).toBe(5_000);
    await bench.poll(id);
    await bench.poll(id);
    const { jobs, totals } = await bench.control.ledger();
    expect(jobs[0]).toMatchObject({ collected: 2 });
    expect(totals).toMatchObject({ jobs: 1, charged: 3, done: 1, collected: 1 });
    await bench.control.advance(24 * HOUR_MS);
    expect((await bench.control.ledger()).jobs[0]).toMatchObject({ state: 'expired', outcome: 'done' });
  });

  it('counts purchases of the same thing, submits that made none included', () => {
    const { sim } = makeSimulation();
    sim.script({ on: 'submit', steps: [{ fault: 'none' }, { fault: 'error-503' }] });
    for (let i = 0; i < 3; i++) submitTo(sim, { prompt: 'twice' });
    submitTo(sim, { prompt: 'twice', bypass_cache: 'true' });
    submitTo(sim, { prompt: 'twice', country: 'DE' });
    submitTo(sim, { prompt: 'once' }, 'gemini');
    const { purchases, totals } = sim.ledger();
    expect(
      purchases.map(({ scraper, prompt, country, jobs, submits }) => [
        scraper,
        prompt,
        country,
        jobs,
        submits,
      ]),
    ).toEqual([
      ['chatgpt', 'twice', 'US', 2, 3],
      ['chatgpt', 'twice', 'US', 1, 1],
      ['chatgpt', 'twice', 'DE', 1, 1],
      ['gemini', 'once', 'US', 1, 1],
    ]);
    expect(totals).toMatchObject({ jobs: 5, submitsSeen: 6, charged: 15 });
  });

  it('can be read for one prompt', async () => {
    const bench = await startBench();
    const prompt = 'what & why? 漢字 #1';
    await bench.buy({ prompt });
    await bench.buy({ prompt: 'other' });
    const ledger = await bench.control.ledger(prompt);
    expect(ledger.jobs.map((job) => job.prompt)).toEqual([prompt]);
    expect(ledger.totals).toMatchObject({ jobs: 1, charged: 3, submitsSeen: 1 });
  });

  it('adds up: funded = balance + charged - refunded, over any mix of jobs', () => {
    const { sim, wall } = makeSimulation({ knobs: { attemptFailureRate: 0.6 } });
    for (let i = 0; i < 200; i++) {
      submitTo(sim, { prompt: `prompt ${i}` }, i % 2 ? 'grok' : 'perplexity');
      wall.ms += 1_000;
      const { balances, totals } = sim.summary();
      expect((balances[KEY] ?? 0) + totals.charged - totals.refunded).toBe(1_000);
      expect(totals.done + totals.failed + totals.pending).toBe(totals.jobs);
    }
    expect(sim.summary().totals.failed).toBeGreaterThan(5);
  });
});
