import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { HOUR_MS, KEY, readJson, startBench } from './helpers.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gleaner-simulator-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const file = () => join(folder, 'deep', 'state.jsonl');

describe('a simulator with a state file', () => {
  it('knows its jobs, money, clock and violations after a restart', async () => {
    const before = await startBench({
      stateFile: file(),
      apiKeys: { [KEY]: 20 },
      seed: 'first',
      knobs: { durationMs: HOUR_MS },
    });
    const done = await before.buy({ prompt: 'done' });
    await before.control.script({ on: 'submit', steps: [{ fault: 'fail-job' }] });
    await before.buy({ prompt: 'failing' });
    await before.control.advance(HOUR_MS);
    const answer = await readJson(await before.poll(done));
    await before.poll(done);
    const pending = await before.buy({ prompt: 'pending' });
    await before.control.fund('new', 7);
    const ledger = await before.control.ledger();
    const { balances, offsetMs } = await before.control.state();
    expect(ledger.violations.length).toBeGreaterThan(0);
    expect(balances).toEqual({ [KEY]: 14, new: 7 });
    await before.simulator.close();

    const after = await startBench({ stateFile: file(), apiKeys: { [KEY]: 20 }, seed: 'other' });
    expect(await after.control.ledger()).toEqual(ledger);
    expect(await after.control.state()).toMatchObject({ balances, offsetMs, seed: 'first' });
    expect(await readJson(await after.poll(done))).toEqual(answer);
    expect(await readJson(await after.poll(pending))).toMatchObject({ status: 'pending' });
    await after.control.advance(HOUR_MS);
    expect(await readJson(await after.poll(pending))).toMatchObject({ status: 'done' });
  });

  it('has the job on disk before the 202 leaves, also when the answer is lost', async () => {
    const bench = await startBench({ stateFile: file() });
    const id = await bench.buy({ prompt: 'x' });
    expect(readFileSync(file(), 'utf8')).toContain(id);
    await bench.control.script({ on: 'submit', steps: [{ fault: 'reset-after' }] });
    await expect(bench.submit({ prompt: 'lost' })).rejects.toThrow('fetch failed');
    expect(readFileSync(file(), 'utf8')).toContain('"prompt":"lost"');
  });

  it('serves the cache, finishes and resets as before the restart', async () => {
    const before = await startBench({ stateFile: file() });
    await before.buy({ prompt: 'reset away' });
    await before.control.reset('again');
    await before.buy({ prompt: 'x' });
    await before.control.ready();
    await before.simulator.close();
    const after = await startBench({ stateFile: file() });
    const id = await after.buy({ prompt: 'x' });
    await after.control.ready();
    expect((await readJson(await after.poll(id))).result).toMatchObject({ cached: true });
    expect((await after.control.state()).seed).toBe('again');
    expect((await after.control.ledger()).jobs.map((job) => job.prompt)).toEqual(['x', 'x']);
  });

  it('survives a last line that a crash cut short, and goes on writing behind it', async () => {
    const before = await startBench({ stateFile: file() });
    await before.buy({ prompt: 'kept' });
    await before.simulator.close();
    appendFileSync(file(), '{"type":"submitted","identity":"漢');
    const between = await startBench({ stateFile: file() });
    await between.buy({ prompt: 'later' });
    await between.simulator.close();
    const after = await startBench({ stateFile: file() });
    expect((await after.control.ledger()).jobs.map((job) => job.prompt)).toEqual(['kept', 'later']);
  });

  it('can be read by its owner alone, because job ids give access', async () => {
    const { close } = await startSimulator({ stateFile: file() });
    await close();
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });
});
