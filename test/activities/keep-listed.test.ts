import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/activities/check.ts';
import { collect } from '../../src/activities/collect.ts';
import type { FaultPoint } from '../../src/activities/fault-points.ts';
import { HintBook } from '../../src/activities/hint-book.ts';
import type { SubmitResult } from '../../src/activities/purchase.ts';
import { submit } from '../../src/activities/submit.ts';
import type { ScrapeRef } from '../../src/contracts/scrape.ts';
import type { Sweep } from '../../src/contracts/sweep.ts';
import { spendOf } from '../../src/ledger/spend.ts';
import type { TaskStep } from '../../src/simulator/dataforseo/faults.ts';
import { MINUTE_MS } from './dataforseo-bench.ts';
import { ask, createSweepBench, tasksOf } from './sweep-bench.ts';
import type { SweepBench } from './sweep-bench.ts';

const ID = 'scrape/test/1';
const INPUT = { scraper: 'dataforseo/google-organic', prompt: `question of ${ID}` } as const;
const HOUR_LATE = { faults: ['searched-late'], ms: 60 * MINUTE_MS } satisfies Partial<TaskStep>;

/** Reads the ready list for some seconds, as a collector does; `diesAt`: its worker is killed there. */
async function readLists(bench: SweepBench, diesAt?: FaultPoint, book = new HintBook()): Promise<void> {
  const fault = (point: FaultPoint): void => {
    if (point === diesAt) throw new Error(`died at ${point}`);
  };
  const wishes = bench.wishes([INPUT.scraper], 15_000);
  const input = { provider: 'dataforseo', account: 'simulator', wishes } as const;
  await collect({ ...bench.deps, fault }, input, bench.run(), book);
}

/** Buys it with an answer that is lost; `step` is what becomes of the task. */
async function lose(bench: SweepBench, step: Partial<TaskStep>): Promise<ScrapeRef> {
  const steps = [{ durationMs: 2 * MINUTE_MS, ...step }];
  await bench.control.dataforseo.script({ on: 'task', keyword: INPUT.prompt, steps });
  return bench.lose(ID, 'drop-after');
}

/** Asks, searches and reads lists as the workflows do, until it is settled. */
async function settle(bench: SweepBench, ref: ScrapeRef): Promise<SubmitResult> {
  await bench.advance(65_000);
  for (let round = 0; round < 300; round++) {
    const said = await ask(bench, ref);
    if (!(said instanceof ApplicationFailure)) return said;
    if (bench.wanted.length > 0) await bench.sweepWanted();
    if (bench.listsUntilMs() > bench.now()) await readLists(bench);
    await bench.advance(Number(said.nextRetryDelay));
  }
  throw new Error('never settled');
}

/** What collecting it leaves on record, and what the provider made and charged in all. */
async function collectedOf(bench: SweepBench, ref: ScrapeRef, settled: SubmitResult) {
  if (settled.kind !== 'receipt') throw new Error(`no receipt but ${settled.kind}`);
  const result = await check(bench.deps, { ref, receipt: settled.receipt, mayResubmit: false }, 1);
  const { tasks, chargedMicros } = (await bench.control.dataforseo.ledger()).totals;
  return { ...(result.kind === 'ended' && result.record), tasks, chargedMicros };
}
const ONCE = {
  outcome: 'done',
  submissions: 1,
  charge: { usdMicros: 600 },
  possiblySpent: {},
  tasks: 1,
  chargedMicros: 600,
};

describe('a lost purchase that the ready list shows', () => {
  it('is collected and not bought again while the list of purchases lags by an hour', async () => {
    const bench = await createSweepBench();
    const ref = await lose(bench, HOUR_LATE);
    const settled = await settle(bench, ref);
    const [task] = await tasksOf(bench, ref);
    const submittedAt = `${task?.postedAt.slice(0, 19)}.000Z`;
    expect(settled).toMatchObject({ kind: 'receipt', receipt: { taskId: task?.id, n: 1, submittedAt } });
    expect(await collectedOf(bench, ref, settled)).toMatchObject(ONCE);
    expect(await submit(bench.deps, { ref, input: INPUT, n: 2 })).toMatchObject({ kind: 'stored' });
  });

  it.each([2, 40])(
    'is collected where the list of purchases never shows marks, also if it takes %i minutes',
    async (minutes) => {
      const bench = await createSweepBench();
      const ref = await lose(bench, { faults: ['searched-without-tag'], durationMs: minutes * MINUTE_MS });
      expect(await collectedOf(bench, ref, await settle(bench, ref))).toMatchObject(ONCE);
    },
  );

  it('has the price of the list of purchases where that shows it too', async () => {
    const bench = await createSweepBench();
    const ref = await lose(bench, { faults: ['overcharged'] });
    await bench.advance(3 * MINUTE_MS);
    await readLists(bench);
    expect(await ask(bench, ref)).toMatchObject({ type: 'Pending' });
    await bench.sweepWanted();
    expect(await ask(bench, ref)).toMatchObject({
      kind: 'receipt',
      receipt: { charge: { usdMicros: 1_200 } },
    });
  });

  it('is believed when it was seen before its answer could be given up', async () => {
    const bench = await createSweepBench();
    const ref = await lose(bench, { ...HOUR_LATE, durationMs: 1_000 });
    await readLists(bench);
    expect((await bench.store.journal.read(ID, 1))?.receipt).toBeUndefined();
    const path = `${bench.account.baseUrl}/v3/serp/google/organic/task_get/advanced`;
    const [task] = await tasksOf(bench, ref);
    const authorization = `Basic ${Buffer.from(bench.account.secret).toString('base64')}`;
    await (await fetch(`${path}/${task?.id}`, { headers: { authorization } })).arrayBuffer(); // it leaves the list
    expect(await settle(bench, ref)).toMatchObject({ kind: 'receipt', receipt: { taskId: task?.id } });
  });

  it('is kept in one object with all others that a list shows', async () => {
    const bench = await createSweepBench();
    await bench.control.dataforseo.setKnobs({ durationMs: 1_000 });
    for (const id of [ID, `${ID}0`, `${ID}00`]) await bench.lose(id, 'drop-after');
    await bench.advance(MINUTE_MS);
    const written: Sweep[] = [];
    const { sweeps } = bench.deps.store;
    const kept = { ...sweeps, write: async (sweep: Sweep) => void written.push(sweep) };
    await readLists({ ...bench, deps: { ...bench.deps, store: { ...bench.deps.store, sweeps: kept } } });
    expect(written.map(({ own }) => Object.keys(own).length)).toEqual([3]);
  });

  it.each(['collect:listed', 'collect:kept', 'collect:told', 'sweep:adopted'] as const)(
    'is found once and collected when a worker died at %s',
    async (point) => {
      const bench = await createSweepBench();
      const ref = await lose(bench, HOUR_LATE);
      await bench.advance(3 * MINUTE_MS);
      if (point === 'sweep:adopted') await giveUp(bench);
      await expect(readLists(bench, point)).rejects.toThrow('died');
      expect(await collectedOf(bench, ref, await settle(bench, ref))).toMatchObject(ONCE);
    },
  );

  it('gets its receipt also after it was given up', async () => {
    const bench = await createSweepBench();
    const ref = await lose(bench, HOUR_LATE);
    await bench.advance(3 * MINUTE_MS);
    await giveUp(bench);
    await readLists(bench);
    expect(
      await collectedOf(bench, ref, await submit(bench.deps, { ref, input: INPUT, n: 1 })),
    ).toMatchObject(ONCE);
  });

  it('is taken instead of a second purchase that was not made yet', async () => {
    const bench = await createSweepBench();
    const ref = await lose(bench, HOUR_LATE);
    await bench.advance(3 * MINUTE_MS);
    await giveUp(bench, { absent: true });
    await readLists(bench);
    expect(
      await collectedOf(bench, ref, await submit(bench.deps, { ref, input: INPUT, n: 2 })),
    ).toMatchObject(ONCE);
  });

  it('is on record with its money once it was bought again, and never taken for the second purchase', async () => {
    const bench = await createSweepBench();
    const ref = await lose(bench, HOUR_LATE);
    await bench.advance(3 * MINUTE_MS);
    await giveUp(bench, { absent: true });
    const second = await submit(bench.deps, { ref, input: INPUT, n: 2 });
    const [task] = await tasksOf(bench, ref);
    await readLists(bench);
    await readLists(bench);
    const [first, again] = await bench.store.journal.readAll(ID);
    expect(first).toMatchObject({
      receipt: undefined,
      duplicates: [{ taskId: task?.id, charge: { usdMicros: 600 } }],
    });
    expect(again?.receipt?.taskId).toBe(second.kind === 'receipt' && second.receipt.taskId);
    expect(again?.receipt?.taskId).not.toBe(task?.id);
    // The list of purchases shows it at last; it counts once.
    await bench.advance(60 * MINUTE_MS);
    const [from, to] = [bench.now() - 120 * MINUTE_MS, bench.now()].map((ms) => new Date(ms).toISOString());
    bench.wanted.push({ family: 'serp', from: from ?? '', to: to ?? '' });
    await bench.sweepWanted();
    expect(spendOf(await bench.store.journal.readAll(ID)).charge).toEqual({ usdMicros: 1_200 });
  });
});

describe('a ready list', () => {
  it('changes nothing of what has its receipt, however long it goes on to show it', async () => {
    const bench = await createSweepBench({ durationMs: 0, listLagMs: 0 });
    const receipt = await bench.buy(ID);
    await readLists(bench);
    await readLists(bench);
    expect(await bench.store.journal.readAll(ID)).toMatchObject([{ receipt, unknown: undefined }]);
    const where = { provider: 'dataforseo', account: 'simulator', family: 'serp' };
    expect(await bench.store.sweeps.readSince(where, 0)).toEqual([]);
  });

  it('settles nothing for an account other than the one that was bought on', async () => {
    const bench = await createSweepBench();
    await lose(bench, HOUR_LATE);
    await bench.advance(3 * MINUTE_MS);
    bench.account.name = 'other';
    await readLists(bench).catch(() => undefined);
    const where = { provider: 'dataforseo', account: 'simulator', family: 'serp' };
    expect(await bench.store.sweeps.readSince(where, 0)).toEqual([]);
    expect((await bench.store.journal.read(ID, 1))?.receipt).toBeUndefined();
  });
});

async function giveUp(bench: SweepBench, { absent = false } = {}): Promise<void> {
  await bench.store.journal.createUnknown({
    scrapeId: ID,
    n: 1,
    message: 'given up',
    possiblySpent: absent ? {} : { usdMicros: 600 },
    at: new Date(bench.now()).toISOString(),
    ...(absent && { absent }),
  });
}
