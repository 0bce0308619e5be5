import { describe, expect, it } from 'vitest';
import { buildResult } from '../../src/simulator/result.ts';
import { HOUR_MS, makeSimulation, submitTo } from './helpers.ts';

const PROMPTS = ['best desk lamp', 'standing desk for tall people', 'how to light a video call'];
const SCRAPERS = ['chatgpt', 'perplexity', 'grok', 'amazon_rufus'];

/** What every purchase was given, in the order of its name, with ids and times of day left out. */
function run(seed: string, order: (a: string, b: string) => number) {
  const { sim, wall } = makeSimulation({ seed, knobs: { attemptFailureRate: 0.3 } });
  const wanted = PROMPTS.flatMap((prompt) => SCRAPERS.map((scraper) => `${scraper}|${prompt}`)).sort(order);
  const lives = new Map<string, unknown>();
  for (const name of wanted) {
    const [scraper = '', prompt = ''] = name.split('|');
    const { job_id: id } = submitTo(sim, { prompt, bypass_cache: 'true' }, scraper);
    const job = sim.state.jobs.get(id);
    if (!job) throw new Error('no job');
    const { outcome, attempts, finishAtMs, createdAtMs } = job;
    lives.set(name, { outcome, attempts, tookMs: finishAtMs - createdAtMs, result: buildResult(seed, job) });
    wall.ms += 1_000;
  }
  return [...lives].sort(([a], [b]) => (a < b ? -1 : 1));
}

function samples(): unknown[] {
  const { sim } = makeSimulation({ knobs: { attemptFailureRate: 0 } });
  return Array.from({ length: 5 }, () => {
    const job = sim.state.jobs.get(submitTo(sim, { prompt: 'x', bypass_cache: 'true' }).job_id);
    return job && buildResult('test', job).result;
  });
}

describe('the same seed', () => {
  it('gives every purchase the same life and answer, in whatever order they come', () => {
    const forward = run('one', (a, b) => (a < b ? -1 : 1));
    expect(run('one', (a, b) => (a < b ? 1 : -1))).toEqual(forward);
    expect(run('two', (a, b) => (a < b ? -1 : 1))).not.toEqual(forward);
  });

  it('gives the samples of one prompt different answers, and the same ones every time', () => {
    expect(new Set(samples()).size).toBe(5);
    expect(samples()).toEqual(samples());
  });

  it('gives the same answer again after the cache has forgotten it, if the cache is not bypassed', () => {
    const { sim, wall } = makeSimulation({ knobs: { attemptFailureRate: 0 } });
    const [first, second] = [0, 1].map(() => {
      const job = sim.state.jobs.get(submitTo(sim, { prompt: 'x' }).job_id);
      wall.ms += 5 * HOUR_MS;
      return job && buildResult('test', job);
    });
    expect(second?.cached).toBe(false);
    expect(second?.result_markdown).toBe(first?.result_markdown);
    expect(second?.links).toEqual(first?.links);
  });
});

describe('job ids', () => {
  it('differ between runs with the same seed, as they do for two purchases', () => {
    const ids = [0, 1].map(() => submitTo(makeSimulation().sim, { prompt: 'x' }).job_id);
    expect(ids[0]).not.toBe(ids[1]);
  });
});
