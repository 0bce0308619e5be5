import { describe, expect, it } from 'vitest';
import { HOUR_MS, KEY, makeSimulation, readJson, startBench, submitTo } from './helpers.ts';

describe('a poll', () => {
  it('sees pending until the job is finished and done ever after', async () => {
    const bench = await startBench({ knobs: { durationMs: 20_000 } });
    const id = await bench.buy({ prompt: 'desk lamp' });
    const before = await bench.poll(id);
    expect(before.status).toBe(200);
    const pending = await readJson(before);
    expect(pending.status).toBe('pending');
    expect(pending).not.toHaveProperty('completed_at');
    expect(pending).not.toHaveProperty('result');
    await bench.control.advance(20_000);
    const done = await readJson(await bench.poll(id));
    expect(done).toMatchObject({ job_id: id, status: 'done', prompt: 'desk lamp', country: 'US' });
    expect(Date.parse(done.completed_at) - Date.parse(done.created_at)).toBe(20_000);
    await bench.control.advance(HOUR_MS);
    expect(await readJson(await bench.poll(id))).toEqual(done);
  });

  it('needs no key', async () => {
    const bench = await startBench();
    const id = await bench.buy({ prompt: 'x' });
    expect((await fetch(`${bench.simulator.url}/jobs/${id}`)).status).toBe(200);
  });

  it('sees a failed job without prompt and country', async () => {
    const bench = await startBench({ knobs: { attemptFailureRate: 1 } });
    const id = await bench.buy({ prompt: 'x' });
    await bench.control.ready(id);
    const failed = await readJson(await bench.poll(id));
    expect(Object.keys(failed).sort()).toEqual([
      'completed_at',
      'created_at',
      'error',
      'job_id',
      'scraper',
      'status',
    ]);
    expect(failed).toMatchObject({ status: 'failed', error: 'execution failed' });
  });

  it('gives completed_at as null while pending where the knob says so', async () => {
    const bench = await startBench({ knobs: { pendingCompletedAt: 'null' } });
    const id = await bench.buy({ prompt: 'x' });
    expect(await readJson(await bench.poll(id))).toMatchObject({ status: 'pending', completed_at: null });
  });

  it.each(['3f7a2b1c-9e4d-4f8a-b2c1-7d6e5f4a3b2c', 'x', '%00', '1'.repeat(300), '__proto__'])(
    'answers 404 for the foreign id %s',
    async (id) => {
      const bench = await startBench();
      const response = await bench.poll(id);
      expect(response.status).toBe(404);
      expect((await readJson(response)).detail).toMatch(/^Job not found/);
    },
  );

  it.each([
    ['done', {}],
    ['failed', { attemptFailureRate: 1 }],
    ['still running', { durationMs: 48 * HOUR_MS }],
  ])('answers 404 from 24 hours after creation on, also for a job that is %s', (_state, knobs) => {
    const { sim, wall } = makeSimulation({ knobs });
    const { job_id: id } = submitTo(sim, { prompt: 'x' });
    wall.ms += 24 * HOUR_MS - 1;
    expect(sim.poll(id).status).toBe(200);
    wall.ms += 1;
    expect(sim.poll(id).status).toBe(404);
  });

  it('counts retention in simulator hours, whatever the speed', async () => {
    const bench = await startBench({ speed: 1_000 });
    const id = await bench.buy({ prompt: 'x' });
    await bench.control.advance(24 * HOUR_MS - 60_000);
    expect((await bench.poll(id)).status).toBe(200);
    await bench.control.advance(60_000);
    expect((await bench.poll(id)).status).toBe(404);
  });
});

describe('bad manners', () => {
  it('are a poll within a second of the last, in real time', () => {
    const { sim, wall } = makeSimulation({ speed: 100, knobs: { durationMs: HOUR_MS } });
    const { job_id: id } = submitTo(sim, { prompt: 'x' });
    sim.poll(id);
    wall.ms += 1_000;
    sim.poll(id);
    expect(sim.summary().violations).toBe(0);
    sim.advance(60_000);
    wall.ms += 500;
    sim.poll(id);
    expect(sim.ledger().violations).toMatchObject([{ rule: 'poll within a second of the last', jobId: id }]);
  });

  it('are not polls of two jobs at once', () => {
    const { sim } = makeSimulation();
    for (const prompt of ['a', 'b']) sim.poll(submitTo(sim, { prompt }).job_id);
    expect(sim.summary().violations).toBe(0);
  });

  it.each([
    ['done', 0],
    ['failed', 1],
  ])('are a poll after the client was told %s', (state, attemptFailureRate) => {
    const { sim, wall } = makeSimulation({ knobs: { attemptFailureRate } });
    const { job_id: id } = submitTo(sim, { prompt: 'x' });
    sim.poll(id);
    wall.ms += HOUR_MS;
    expect(sim.poll(id).body).toMatchObject({ status: state });
    expect(sim.summary().violations).toBe(0);
    wall.ms += 5_000;
    sim.poll(id);
    expect(sim.ledger().violations).toMatchObject([{ rule: 'poll after a terminal state', jobId: id }]);
  });

  it('are not a second poll because the answer to the first was lost', () => {
    const { sim, wall } = makeSimulation();
    const { job_id: id } = submitTo(sim, { prompt: 'x' });
    wall.ms += HOUR_MS;
    sim.script({ on: 'poll', key: KEY, steps: [{ fault: 'reset' }, { fault: 'html-body' }] });
    for (let i = 0; i < 3; i++) {
      sim.poll(id);
      wall.ms += 3_000;
    }
    expect(sim.summary().violations).toBe(0);
    expect(sim.ledger().jobs[0]?.collected).toBe(1);
  });
});
