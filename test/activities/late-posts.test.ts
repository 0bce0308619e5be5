import { expect, test } from 'vitest';
import { check } from '../../src/activities/check.ts';
import { takeLatePost } from '../../src/activities/late-posts.ts';
import { submit } from '../../src/activities/submit.ts';
import type { Receipt } from '../../src/contracts/journal.ts';
import type { ScrapeInput } from '../../src/contracts/scrape.ts';
import { toRef } from '../../src/contracts/to-ref.ts';
import { spendOf } from '../../src/ledger/spend.ts';
import { createPostedWorld, resultOf } from './posted-support.ts';
import type { PostedWorld } from './posted-support.ts';

const ID = 'scrape/posted';
const INPUT: ScrapeInput = { scraper: 'dataforseo/google-organic', prompt: 'oat milk' };
const REF = toRef(ID, INPUT);

/** The answer is lost, and the purchase is taken for one that was never made. */
async function takeForAbsent(world: PostedWorld): Promise<string> {
  await world.control.dataforseo.script({ on: 'call', call: 'task_post', steps: [{ fault: 'drop-after' }] });
  await expect(world.submit()).rejects.toMatchObject({ type: 'SubmitOutcomeUnknown' });
  await world.deps.store.journal.createUnknown({
    scrapeId: ID,
    n: 1,
    message: 'not bought',
    possiblySpent: {},
    at: new Date().toISOString(),
    absent: true,
  });
  const [task] = (await world.control.dataforseo.ledger()).tasks;
  return task?.id ?? '';
}

async function buyAgain(world: PostedWorld): Promise<Receipt> {
  const second = await submit(world.deps, { ref: REF, input: INPUT, n: 2 });
  if (second.kind !== 'receipt') throw new Error(`not bought but ${second.kind}`);
  return second.receipt;
}

const both = { usdMicros: 1_200 };

test('collects what was posted for a purchase that was taken for absent, instead of buying again', async () => {
  const world = await createPostedWorld();
  const taskId = await takeForAbsent(world);
  await world.post(resultOf(world, taskId), taskId);
  const receipt = await buyAgain(world);
  expect(receipt).toMatchObject({ n: 1, taskId, charge: { usdMicros: 600 } });
  expect(await world.look(receipt)).toMatchObject({
    kind: 'ended',
    record: { outcome: 'done', submissions: 1, charge: { usdMicros: 600 } },
  });
  expect((await world.control.dataforseo.ledger()).totals.tasks).toBe(1);
});

test('counts it, and keeps nothing of the body, where the scrape was bought again before the post came', async () => {
  const world = await createPostedWorld();
  const taskId = await takeForAbsent(world);
  const receipt = await buyAgain(world);
  await world.post(resultOf(world, taskId), taskId);
  expect(await check(world.deps, { ref: REF, receipt, mayResubmit: false }, 1)).toMatchObject({
    record: { outcome: 'done', charge: both },
  });
  const [first] = await world.deps.store.journal.readAll(ID);
  expect(first).toMatchObject({ receipt: undefined, duplicates: [{ taskId, charge: { usdMicros: 600 } }] });
  expect(await world.deps.store.postbacks.taskIds(world.tag)).toEqual([]);
});

test('counts it in the record also if the post comes after the end, and once however often it comes', async () => {
  const world = await createPostedWorld();
  const taskId = await takeForAbsent(world);
  const receipt = await buyAgain(world);
  const ended = await check(world.deps, { ref: REF, receipt, mayResubmit: false }, 1);
  expect(ended).toMatchObject({ record: { charge: { usdMicros: 600 } } });
  for (let delivery = 0; delivery < 3; delivery++) {
    await world.post(resultOf(world, taskId), taskId);
    await takeLatePost(world.deps, ID);
    expect(await world.deps.store.postbacks.taskIds(world.tag)).toEqual([]);
  }
  const record = await world.deps.store.records.read(ID);
  expect(record).toMatchObject({ outcome: 'done', charge: both });
  expect(record?.result).toEqual(ended.kind === 'ended' && ended.record.result);
});

test('gives it its receipt where nothing was bought again, however its scrape has ended', async () => {
  const world = await createPostedWorld();
  const taskId = await takeForAbsent(world);
  const failure = { type: 'BudgetExceeded', message: 'no money left' } as const;
  const { scrapeId, scraper, market, account } = REF;
  await world.deps.store.records.write({
    scrapeId,
    scraper,
    market,
    account,
    outcome: 'refused',
    failure,
    submissions: 0,
    charge: {},
    possiblySpent: {},
    refundExpected: {},
    simulated: true,
  });
  await world.post(resultOf(world, taskId), taskId);
  await takeLatePost(world.deps, ID);
  expect(await world.deps.store.journal.read(ID, 1)).toMatchObject({ receipt: { taskId } });
  expect(await world.deps.store.records.read(ID)).toMatchObject({
    outcome: 'refused',
    failure,
    submissions: 1,
    charge: { usdMicros: 600 },
  });
  expect(await world.deps.store.postbacks.taskIds(world.tag)).toEqual([taskId]); // its result is taken from here
});

test.each(['sweep:duplicate-written', 'sweep:adopted'] as const)(
  'counts it once when the process dies at %s',
  async (point) => {
    const world = await createPostedWorld();
    const taskId = await takeForAbsent(world);
    await buyAgain(world);
    await world.post(resultOf(world, taskId), taskId);
    const fault = (reached: string): void => {
      if (reached === point) throw new Error(`died at ${reached}`);
    };
    await expect(takeLatePost({ ...world.deps, fault }, ID)).rejects.toThrow('died');
    await takeLatePost(world.deps, ID);
    expect(spendOf(await world.deps.store.journal.readAll(ID)).charge).toEqual(both);
    expect(await world.deps.store.postbacks.taskIds(world.tag)).toEqual([]);
  },
);

test('believes no body that names another task or mark', async () => {
  const world = await createPostedWorld();
  const taskId = await takeForAbsent(world);
  await world.post(resultOf({ tag: 'zzz999-0123456789abcdef0123456789' }, taskId), taskId);
  await takeLatePost(world.deps, ID);
  expect(await world.deps.store.journal.read(ID, 1)).toMatchObject({ receipt: undefined });
  expect(await buyAgain(world)).toMatchObject({ n: 2 });
});
