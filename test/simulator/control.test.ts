import { describe, expect, it } from 'vitest';
import { DEFAULT_KNOBS } from '../../src/simulator/knobs.ts';
import { KEY, readJson, startBench } from './helpers.ts';

describe('control', () => {
  it('tells the state of a new simulator', async () => {
    const { control } = await startBench({ speed: 20, seed: 7 });
    expect(await control.state()).toMatchObject({
      offsetMs: 0,
      seed: '7',
      speed: 20,
      balances: { [KEY]: 1_000_000 },
      jobsByState: { pending: 0, done: 0, failed: 0, expired: 0 },
      calls: {},
      submitsInFlight: 0,
      violations: 0,
      knobs: DEFAULT_KNOBS,
    });
  });

  it('counts calls per route', async () => {
    const bench = await startBench();
    const id = await bench.buy({ prompt: 'x' });
    await bench.poll(id);
    await bench.poll('foreign');
    expect((await bench.control.state()).calls).toEqual({
      'POST /scrapers/{scraper}/jobs': 1,
      'GET /jobs/{job_id}': 2,
    });
  });

  it('tells what whoever collects a job is told, once it has ended', async () => {
    const bench = await startBench({ knobs: { durationMs: 3_600_000, attemptFailureRate: 0 } });
    const id = await bench.buy({ prompt: 'x' });
    const result = (): Promise<Response> => fetch(`${bench.simulator.url}/__sim/results/${id}`);
    expect((await result()).status).toBe(404);
    await bench.control.ready(id);
    const { result: collected } = await readJson(await bench.poll(id));
    expect(collected).toBeDefined();
    expect((await readJson(await result())).result).toEqual(collected);
  });

  it('makes one job or all of them ready, the way they were going to end', async () => {
    const bench = await startBench({ knobs: { durationMs: 3_600_000 } });
    const ids = [
      await bench.buy({ prompt: '1' }),
      await bench.buy({ prompt: '2' }),
      await bench.buy({ prompt: '3' }),
    ];
    expect(await bench.control.ready(ids[1])).toEqual({ jobIds: [ids[1]] });
    expect((await bench.control.state()).jobsByState).toMatchObject({ pending: 2, done: 1 });
    expect(await bench.control.ready()).toEqual({ jobIds: [ids[0], ids[2]] });
    expect(await bench.control.ready()).toEqual({ jobIds: [] });
  });

  it('sets some knobs and keeps the others', async () => {
    const { control } = await startBench({ knobs: { attempts: 4 } });
    const knobs = await control.setKnobs({ submitFaults: { 'reset-after': 0.5 }, refundDelayMs: null });
    expect(knobs).toEqual({
      ...DEFAULT_KNOBS,
      attempts: 4,
      submitFaults: { 'reset-after': 0.5 },
      refundDelayMs: null,
    });
  });

  it('resets everything but the time', async () => {
    const bench = await startBench({ knobs: { attempts: 2 } });
    const id = await bench.buy({ prompt: 'x' });
    await bench.control.advance(1_000);
    await bench.control.setKnobs({ attempts: 4 });
    await bench.control.script({ on: 'poll', steps: [{ fault: 'reset' }] });
    await bench.control.reset('fresh');
    expect((await bench.poll(id)).status).toBe(404);
    expect(await bench.control.state()).toMatchObject({
      seed: 'fresh',
      offsetMs: 1_000,
      balances: { [KEY]: 1_000_000 },
      totals: { jobs: 0, submitsSeen: 0 },
      scriptedSteps: {},
      knobs: { attempts: 2 },
    });
  });

  it.each([
    ['clock', { advanceMs: -1 }],
    ['clock', {}],
    ['knobs', { attempts: 5 }],
    ['knobs', { attemptz: 3 }],
    ['knobs', { submitFaults: { 'reset-sideways': 1 } }],
    ['script', { on: 'submit', steps: [{ fault: 'html-body' }] }],
    ['fund', { key: '', credits: 1 }],
    ['reset', {}],
  ])('refuses a wrong %s with 400 and the reason', async (route, body) => {
    const { simulator } = await startBench();
    const response = await fetch(`${simulator.url}/__sim/${route}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(400);
    expect((await readJson(response)).detail).not.toBe('');
  });

  it('refuses what is no JSON, and its client throws the reason', async () => {
    const { simulator, control } = await startBench();
    expect((await fetch(`${simulator.url}/__sim/clock`, { method: 'POST', body: '{' })).status).toBe(400);
    await expect(control.advance(-5)).rejects.toThrow(/clock.*advanceMs/s);
  });

  it('is served on loopback only', async () => {
    const { simulator } = await startBench();
    expect(simulator.url).toBe(`http://127.0.0.1:${simulator.port}`);
  });
});
