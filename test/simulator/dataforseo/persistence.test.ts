import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startReceiver } from './callback-receiver.ts';
import { GEMINI, IMAGES, MINUTE_MS, ORGANIC, startBench } from './helpers.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gleaner-simulator-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const stateFile = () => join(folder, 'state.jsonl');

describe('a simulated DataForSEO with a state file', () => {
  it('knows its tasks, money, lists and results after a restart', async () => {
    const before = await startBench({ durationMs: MINUTE_MS }, { stateFile: stateFile(), seed: 'first' });
    const collected = await before.buy(ORGANIC, { tag: 'collected' });
    const ready = await before.buy(ORGANIC, { tag: 'ready' });
    await before.buy(IMAGES, { tag: 'refund', depth: 700 });
    await before.control.advance(MINUTE_MS);
    const answer = await before.get(`${ORGANIC}/task_get/advanced/${collected}`);
    const pending = await before.buy(GEMINI, { tag: 'pending' });
    await before.dfs.foreign({ family: 'google_organic', count: 2 });
    await before.dfs.fix(collected);
    const list = await before.ready('serp');
    const ledger = await before.dfs.ledger({ foreign: true });
    const { balances } = await before.dfs.state();
    await before.simulator.close();

    const after = await startBench({}, { stateFile: stateFile(), seed: 'other' });
    expect(await after.dfs.ledger({ foreign: true })).toEqual(ledger);
    expect((await after.dfs.state()).balances).toEqual(balances);
    expect(await after.ready('serp')).toEqual(list);
    expect(list).toContain(ready);
    const again = await after.get(`${ORGANIC}/task_get/advanced/${collected}`);
    expect(again.tasks[0]?.data).toEqual(answer.tasks[0]?.data);
    expect((await after.get(`${ORGANIC}/tasks_fixed`)).tasks[0]?.result).toMatchObject([{ id: collected }]);
    expect((await after.get(`${GEMINI}/task_get/advanced/${pending}`)).tasks[0]?.status_code).toBe(40_602);
    await after.control.advance(MINUTE_MS);
    expect(await after.ready(GEMINI)).toEqual([pending]);
  });

  it('makes the callbacks after a restart that came due while it was away, and no others', async () => {
    const receiver = await startReceiver();
    const before = await startBench({ durationMs: 0 }, { stateFile: stateFile() });
    const fields = { postback_url: receiver.url, postback_data: 'advanced' };
    const done = await before.buy(GEMINI, fields);
    await vi.waitFor(async () => expect((await before.dfs.ledger()).tasks[0]?.callbacks.sent).toBe(1));
    await before.dfs.setKnobs({ durationMs: 200 });
    const missed = await before.buy(GEMINI, fields);
    await before.simulator.close();
    expect(receiver.received).toHaveLength(1);
    await startBench({}, { stateFile: stateFile() });
    await vi.waitFor(() => expect(receiver.received).toHaveLength(2), 10_000);
    expect([receiver.read(0).tasks[0]?.id, receiver.read(1).tasks[0]?.id]).toEqual([done, missed]);
  });

  it('forgets all that with a reset, and both providers share one ledger', async () => {
    const bench = await startBench({}, { stateFile: stateFile() });
    await bench.buy(GEMINI, { keyword: 'asked of both' });
    await fetch(`${bench.simulator.url}/scrapers/gemini/jobs?prompt=asked+of+both`, {
      method: 'POST',
      headers: { 'x-api-key': 'simulator-key' },
    });
    await bench.buy(GEMINI, { keyword: 'another' });
    const both = await bench.control.ledger('asked of both');
    expect(both.jobs).toMatchObject([{ scraper: 'gemini', charged: 3 }]);
    expect(both.dataforseo.tasks).toMatchObject([{ family: 'gemini', chargedMicros: 1_200 }]);
    expect((await bench.control.state()).dataforseo.totals.tasks).toBe(2);
    await bench.dfs.setKnobs({ costOnGet: true });
    await bench.control.reset('again');
    const { totals, balances, knobs } = await bench.dfs.state();
    expect([totals.tasks, balances.simulator, knobs.costOnGet, knobs.durationMs]).toEqual([0, 1e9, false, 0]);
    expect(await bench.ready(GEMINI)).toEqual([]);
  });
});
