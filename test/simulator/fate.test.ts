import { describe, expect, it } from 'vitest';
import { drawFate } from '../../src/simulator/fate.ts';
import { DEFAULT_KNOBS, type Knobs } from '../../src/simulator/knobs.ts';
import { randomStream } from '../../src/simulator/random.ts';
import { validateQuery, type JobRequest } from '../../src/simulator/validation.ts';

function request(query: Record<string, string> = {}): JobRequest {
  const validated = validateQuery('grok', { prompt: 'x', ...query });
  if (!validated.ok) throw new Error(validated.message);
  return validated.request;
}

function lives(count: number, knobs: Partial<Knobs> = {}, query: Record<string, string> = {}, speed = 1) {
  const wanted = request(query);
  return Array.from({ length: count }, (_, i) =>
    drawFate(wanted, { ...DEFAULT_KNOBS, ...knobs }, randomStream('fate', i), 0, speed),
  );
}

const quantile = (values: number[], q: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(q * values.length)] ?? 0;

describe('the life of a job', () => {
  it('has attempts of 12 s at the median and 32 s at the 95th percentile', () => {
    const times = lives(4_000, { attemptFailureRate: 0 }).map((each) => each.elapsedMs);
    expect(quantile(times, 0.5) / 12_000).toBeCloseTo(1, 1);
    expect(quantile(times, 0.95) / 32_000).toBeCloseTo(1, 1);
  });

  it('waits 5 s in the queue on average', () => {
    const waits = lives(4_000, { attemptFailureRate: 0 }).map((each) => each.finishAtMs - each.elapsedMs);
    expect(waits.reduce((sum, wait) => sum + wait, 0) / 4_000 / 5_000).toBeCloseTo(1, 1);
  });

  it('is slower in expert mode, and capped at 60 s an attempt', () => {
    const times = lives(2_000, { attemptFailureRate: 0 }, { mode: 'MODEL_MODE_EXPERT' }).map(
      (each) => each.elapsedMs,
    );
    expect(quantile(times, 0.5) / 35_000).toBeCloseTo(1, 1);
    expect(Math.max(...times)).toBe(60_000);
  });

  it('fails when all attempts do: about 1 in 8,000 by default, always at a rate of 1', () => {
    expect(lives(3_000).filter((each) => each.outcome === 'failed').length).toBeLessThan(4);
    expect(lives(50, { attemptFailureRate: 1 }).every((each) => each.outcome === 'failed')).toBe(true);
    const oneAttempt = lives(3_000, { attempts: 1 }).filter((each) => each.outcome === 'failed').length;
    expect(oneAttempt / 3_000).toBeCloseTo(0.05, 1);
  });

  it.each([1, 2, 3, 4])('has at most %i attempts where the knob says so', (attempts) => {
    const failed = lives(20, { attempts, attemptFailureRate: 1 });
    expect(new Set(failed.map((each) => each.attempts))).toEqual(new Set([attempts]));
  });

  it('ends a hung attempt at its timeout', () => {
    const hung = lives(
      20,
      { attemptMedianMs: 1e9, attemptP95Ms: 2e9, queueWaitMeanMs: 0 },
      { timeout: '10' },
    );
    for (const life of hung)
      expect(life).toMatchObject({ outcome: 'failed', finishAtMs: 30_000, attempts: 3 });
  });

  it('is divided by the speed factor', () => {
    const [slow] = lives(1);
    const [fast] = lives(1, {}, {}, 10);
    expect((fast?.finishAtMs ?? 0) / (slow?.finishAtMs ?? 1)).toBeCloseTo(0.1, 2);
  });
});
