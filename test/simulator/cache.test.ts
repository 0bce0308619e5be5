import { describe, expect, it } from 'vitest';
import type { Simulation } from '../../src/simulator/simulation.ts';
import { HOUR_MS, KEY, makeSimulation, submitTo, type Body } from './helpers.ts';

/** Buys, waits half an hour, and reads the result. */
function collect(
  bench: { sim: Simulation; wall: { ms: number } },
  query: Record<string, string>,
  scraper?: string,
) {
  const { job_id: id } = submitTo(bench.sim, query, scraper);
  bench.wall.ms += HOUR_MS / 2;
  return (bench.sim.poll(id).body as Body).result;
}

describe('the response cache', () => {
  it('serves the same question again within the hour: same content, cached, quickly, at full price', () => {
    const bench = makeSimulation();
    const first = collect(bench, { prompt: 'Which desk lamp?' });
    const second = collect(bench, { prompt: '  which   DESK lamp? ' });
    expect(first).toMatchObject({ cached: false, credits_used: 3 });
    expect(second).toMatchObject({
      cached: true,
      credits_used: 3,
      result: first.result,
      links: first.links,
      prompt: '  which   DESK lamp? ',
    });
    expect(second.elapsed_ms).toBeLessThan(200);
    expect(bench.sim.ledger().jobs.map((job) => job.cached)).toEqual([false, true]);
    expect(bench.sim.summary().balances[KEY]).toBe(994);
  });

  it('costs nothing where the knob says so', () => {
    const bench = makeSimulation({ knobs: { cacheHits: 'free' }, apiKeys: { [KEY]: 3 } });
    collect(bench, { prompt: 'x' });
    expect(collect(bench, { prompt: 'x' })).toMatchObject({ cached: true, credits_used: 0 });
    expect(bench.sim.ledger().totals.charged).toBe(3);
  });

  it('forgets after its lifetime, counted from when the answer was ready', () => {
    const bench = makeSimulation({ knobs: { cacheLifetimeMs: HOUR_MS / 4 } });
    collect(bench, { prompt: 'x' });
    expect(collect(bench, { prompt: 'x' })).toMatchObject({ cached: false });
  });

  it('does not live longer for being asked again', () => {
    const bench = makeSimulation();
    const hits = Array.from({ length: 4 }, () => collect(bench, { prompt: 'x' }).cached);
    expect(hits).toEqual([false, true, true, false]);
  });

  it.each<[string, Record<string, string>, Record<string, string>, string]>([
    ['country', { country: 'US' }, { country: 'DE' }, 'chatgpt'],
    ['mode', { mode: 'smart' }, { mode: 'study' }, 'copilot'],
    ['web search', {}, { web_search: 'false' }, 'perplexity'],
  ])('keeps questions apart that differ in %s', (_name, one, other, scraper) => {
    const bench = makeSimulation();
    collect(bench, { prompt: 'x', ...one }, scraper);
    expect(collect(bench, { prompt: 'x', ...other }, scraper)).toMatchObject({ cached: false });
    expect(collect(bench, { prompt: 'x', ...one }, scraper)).toMatchObject({ cached: true });
  });

  it('is skipped by bypass_cache, in both directions', () => {
    const bench = makeSimulation();
    collect(bench, { prompt: 'x', bypass_cache: 'true' });
    expect(collect(bench, { prompt: 'x' })).toMatchObject({ cached: false });
    expect(collect(bench, { prompt: 'x', bypass_cache: 'true' })).toMatchObject({ cached: false });
  });

  it('serves no answer that is not ready, has failed or is empty', () => {
    const bench = makeSimulation();
    submitTo(bench.sim, { prompt: 'running' });
    expect(collect(bench, { prompt: 'running' })).toMatchObject({ cached: false });
    for (const fault of ['fail-job', 'empty-answer'] as const) {
      bench.sim.script({ on: 'submit', steps: [{ fault }] });
      collect(bench, { prompt: fault });
      expect(collect(bench, { prompt: fault })).toMatchObject({ cached: false });
    }
  });
});
