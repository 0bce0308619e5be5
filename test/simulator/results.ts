import type { Knobs } from '../../src/simulator/knobs.ts';
import { buildResult } from '../../src/simulator/result.ts';
import { KEY, makeSimulation, submitTo } from './helpers.ts';

/** The results that these queries would end in, without waiting for them. */
export function results(scraper: string, queries: Record<string, string>[], knobs: Partial<Knobs> = {}) {
  const { sim } = makeSimulation({ knobs: { noMarkdownRate: 0, ...knobs }, apiKeys: { [KEY]: 1e6 } });
  return queries.map((query) => {
    const job = sim.state.jobs.get(submitTo(sim, query, scraper).job_id);
    if (!job) throw new Error('no job');
    return buildResult('test', job);
  });
}

/** Queries for so many samples of one prompt. */
export const samples = (prompt: string, count: number) =>
  Array.from({ length: count }, () => ({ prompt, bypass_cache: 'true' }));
