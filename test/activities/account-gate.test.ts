import { describe, expect, it } from 'vitest';
import { createAccountGate } from '../../src/activities/account-gate.ts';

function gateAt(): { gate: ReturnType<typeof createAccountGate>; tick: (ms: number) => void } {
  let now = 1_000;
  return { gate: createAccountGate(() => now, 60_000), tick: (ms) => (now += ms) };
}

const costs = (micros: number) => (prices: Readonly<Record<string, number>>) =>
  (prices['serp/normal'] ?? 0) >= micros;

describe('an account that cannot pay', () => {
  it('lets one probe a minute through and holds everybody else back', () => {
    const { gate, tick } = gateAt();
    expect(gate.closed('a')).toBeUndefined();
    gate.report('a', 'no credits');
    expect(gate.closed('a')).toMatchObject({ message: 'no credits' });
    tick(60_000);
    expect(gate.closed('a')).toBeUndefined(); // the probe
    expect(gate.closed('a')).toBeDefined(); // the others wait for it
    gate.report('a', 'still none');
    expect(gate.closed('a')).toMatchObject({ message: 'still none' });
  });

  it('opens for all when a probe goes through', () => {
    const { gate, tick } = gateAt();
    gate.report('a', 'no credits');
    tick(60_000);
    gate.closed('a');
    gate.report('a', undefined);
    expect(gate.closed('a')).toBeUndefined();
  });

  it('sends another probe when one never told what it learned', () => {
    const { gate, tick } = gateAt();
    gate.report('a', 'no credits');
    tick(60_000);
    gate.closed('a');
    tick(60_000);
    expect(gate.closed('a')).toBeUndefined();
  });

  it('stays closed for good after a price above what was reckoned with', () => {
    const { gate, tick } = gateAt();
    gate.stop('a', 'too dear');
    gate.report('a', undefined);
    tick(600_000);
    expect(gate.closed('a')).toMatchObject({ message: 'too dear', retryAfterMs: 60_100 });
  });

  it('stays closed after one until other prices explain each of them', () => {
    const { gate, tick } = gateAt();
    gate.stop('a', 'too dear', costs(700));
    expect(gate.closed('a')).toBeUndefined(); // may ask for the prices at once
    gate.stop('a', 'even dearer', costs(900)); // was under way
    expect(gate.closed('a')).toMatchObject({ message: 'even dearer' });
    gate.report('a', undefined);
    expect(gate.isStopped('a')).toBe(true);
    expect(gate.resume('a', { 'serp/normal': 800 })).toBe(false);
    tick(60_000);
    expect(gate.closed('a')).toBeUndefined();
    expect(gate.resume('a', { 'serp/normal': 900 })).toBe(true);
    expect(gate.isStopped('a')).toBe(false);
    expect(gate.why('a')).toBeUndefined();
  });

  it('is not kept closed by looks at the same tasks, once a free call says that it works', () => {
    const { gate, tick } = gateAt();
    gate.doubt('a', 'task-1', 'it is of another client');
    expect(gate.closed('a')).toMatchObject({ message: 'it is of another client' });
    for (const task of ['task-1', 'task-2']) {
      tick(30_000);
      gate.doubt('a', task, 'it is of another client'); // puts nothing off
    }
    expect(gate.closed('a')).toBeUndefined(); // the probe, a minute after the first
    gate.cleared('a');
    for (const task of ['task-1', 'task-2']) gate.doubt('a', task, 'it is of another client');
    expect(gate.closed('a')).toBeUndefined();
    gate.doubt('a', 'task-3', 'it is of another client');
    expect(gate.closed('a')).toBeDefined();
  });

  it('asks at once by a free call after a hint, and stays closed if that says so', () => {
    const { gate, tick } = gateAt();
    gate.suspect('a', 'not authorized');
    expect(gate.closed('a')).toBeUndefined(); // the probe
    expect(gate.closed('a')).toMatchObject({ retryAfterMs: 15_100 }); // the others wait for it
    gate.report('a', 'not authorized');
    tick(59_000);
    expect(gate.closed('a')).toBeDefined();
  });

  it('is not asked with every purchase where every answer hints at it', () => {
    const { gate, tick } = gateAt();
    gate.suspect('a', 'not authorized');
    expect(gate.closed('a')).toBeUndefined(); // the probe
    gate.cleared('a');
    tick(2_000);
    gate.suspect('a', 'not authorized');
    expect(gate.closed('a')).toMatchObject({ message: 'not authorized', retryAfterMs: 58_100 });
    tick(58_000);
    expect(gate.closed('a')).toBeUndefined();
  });

  it('takes a purchase that went through for a sign that doubted tasks are to blame', () => {
    const { gate } = gateAt();
    gate.doubt('a', 'task-1', 'it is of another client');
    gate.report('a', undefined);
    gate.doubt('a', 'task-1', 'it is of another client');
    expect(gate.closed('a')).toBeUndefined();
  });

  it('is not opened by a free call after a purchase was refused', () => {
    const { gate, tick } = gateAt();
    gate.report('a', 'daily limit');
    tick(60_000);
    expect(gate.closed('a')).toBeUndefined();
    gate.cleared('a');
    expect(gate.why('a')).toBe('daily limit');
    expect(gate.closed('a')).toBeDefined();
  });

  it('does not hold other accounts back', () => {
    const { gate } = gateAt();
    gate.report('a', 'no credits');
    expect(gate.closed('b')).toBeUndefined();
  });
});
