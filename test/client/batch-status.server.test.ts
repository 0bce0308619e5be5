import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchStatus } from '../../src/client/batch-status.ts';
import type { Gleaner } from '../../src/client/connect-gleaner.ts';
import type { Store } from '../../src/store/store.ts';
import { uniquePrompt, until } from '../support/scrapes.ts';
import { createSystem, type TestSystem } from '../support/system.ts';
import { connectTo } from './gleaner-support.ts';

const SCRAPERS = ['scrapellm/chatgpt'];

let system: TestSystem;
let gleaner: Gleaner;
/** How many files of single scrapes the client has read. */
let filesRead = 0;
beforeAll(async () => {
  system = await createSystem(
    { knobs: { attemptFailureRate: 0, durationMs: 60_000 } },
    { submitsPerSecond: 5 },
  );
  gleaner = await connectTo(system, { store: counting(system.store) });
});
afterAll(() => system.close());

function counting(store: Store): Store {
  return {
    ...store,
    records: { ...store.records, read: (id) => counted(store.records.read(id)) },
    journal: { ...store.journal, readAll: (id) => counted(store.journal.readAll(id)) },
  };
}

function counted<T>(answer: T): T {
  filesRead += 1;
  return answer;
}

const prompts = (n: number): string[] => Array.from({ length: n }, () => uniquePrompt());
const statusWhen = (id: string, is: (status: BatchStatus) => boolean): Promise<BatchStatus> =>
  until(async () => {
    const status = await gleaner.batchStatus(id);
    return is(status) && status;
  }, 'it stands so');

/** Nothing of a test works on beside the next one. */
async function end(id: string): Promise<void> {
  await gleaner.cancel(id).catch(() => undefined); // it may have been cancelled
  const ended = gleaner.waitForBatch(id);
  const isOver = ended.then(() => true);
  while (!(await Promise.race([isOver, sleep(500)]))) await system.control.ready();
}

describe("a batch's status", () => {
  it('says what is in flight, counted by its partition itself, against the ceiling, and what the rest waits for', async () => {
    await gleaner.startBatch({
      name: 'window',
      prompts: prompts(30),
      scrapers: SCRAPERS,
      window: 8,
      maxCredits: 60,
    });
    const status = await statusWhen('batch/window', ({ progress }) => progress.inFlight?.scrapes === 8);
    expect(status.progress).toMatchObject({
      total: 30,
      counts: { open: 30 },
      inFlight: { scrapes: 8, bound: { credits: 24 } },
      ceiling: { credits: 60 },
      endedBefore: 0,
    });
    expect(status.waiting).toContain('22 for a place in the window of 8');
    expect(status.progress).not.toHaveProperty('endedPartitions');
    // One ends, less than the tenth that a partition reports of itself.
    const bought = await until(async () => (await system.control.ledger()).jobs[0], 'one is bought');
    await system.control.ready(bought.jobId);
    const after = await statusWhen('batch/window', ({ progress }) => progress.counts.done === 1);
    expect(after.pace?.perMinute).toBeGreaterThan(0);
    expect(after.pace?.leftMs).toBeGreaterThan(0);
    expect(after.progress.charge).toEqual({ credits: 3 });
    await gleaner.cancel('batch/window');
    const cancelled = await statusWhen('batch/window', ({ waiting = '' }) => waiting.includes('cancelled'));
    expect(cancelled.waiting).toContain('what is paid is still collected');
    await end('batch/window');
  });

  it('names the account that nobody serves', async () => {
    const batch = { name: 'nobody', prompts: prompts(2), scrapers: SCRAPERS, account: 'nobody' };
    await gleaner.startBatch(batch);
    const { waiting } = await statusWhen('batch/nobody', ({ waiting = '' }) => waiting.includes('serves'));
    expect(waiting).toContain('no worker serves the account "nobody"');
    await end('batch/nobody');
  });

  it('names the queue that keeps its rate, and how many calls wait there', async () => {
    await system.stopWorkers();
    const planners = await system.startWorkers({}, []);
    await gleaner.startBatch({ name: 'queue', prompts: prompts(60), scrapers: SCRAPERS, window: 60 });
    await statusWhen('batch/queue', ({ waiting = '' }) => /about [3-6]\d calls in the queue/.test(waiting));
    await planners.stop(); // one process may poll a queue once only
    await system.startWorkers();
    const { waiting } = await statusWhen('batch/queue', ({ waiting = '' }) => waiting.includes('passes 5 a'));
    expect(waiting).toMatch(
      /calls in the queue gleaner\/scrapellm\/default\/submit, which passes 5 a second/,
    );
    await end('batch/queue');
  });

  it('says that the ceiling is granted in full while scrapes in flight may give money back', async () => {
    await gleaner.startBatch({
      name: 'tight',
      prompts: prompts(5),
      scrapers: SCRAPERS,
      window: 5,
      maxCredits: 7,
    });
    const { progress } = await statusWhen('batch/tight', ({ waiting = '' }) => waiting.includes('ceiling'));
    expect(progress.inFlight).toEqual({ scrapes: 2, bound: { credits: 6 } });
    await end('batch/tight');
  });

  it('reads no file of a scrape, also when no worker answers: its history tells what was reported last', async () => {
    await system.control.setKnobs({ durationMs: 100 });
    const batch = { name: 'alone', prompts: prompts(20), scrapers: SCRAPERS, window: 20 };
    await gleaner.startBatch(batch);
    await statusWhen('batch/alone', ({ progress }) => progress.counts.done >= 4);
    await system.control.setKnobs({ durationMs: 60_000 });
    await system.stopWorkers();
    filesRead = 0;
    // A worker that ended is seen for a minute; a query to it is given up before.
    const status = await gleaner.batchStatus('batch/alone');
    expect(status.progress.total).toBe(20);
    expect(status.progress.counts.done).toBeGreaterThanOrEqual(2);
    expect(status.pace).toBeUndefined();
    expect(filesRead).toBe(0);
    await system.client.workflow.getHandle('batch/alone').terminate('tried in a test');
    const ended = await gleaner.batchStatus('batch/alone');
    expect(ended).toMatchObject({ state: 'terminated', progress: { total: 20 } });
    expect(filesRead).toBe(0);
    await system.startWorkers();
  });

  it('counts what an earlier run had done, but not towards the pace', async () => {
    await system.control.setKnobs({ durationMs: 100 });
    const batch = { name: 'again', prompts: prompts(6), scrapers: SCRAPERS, maxCredits: 12 };
    await gleaner.startBatch(batch);
    await gleaner.waitForBatch('batch/again');
    await system.control.setKnobs({ durationMs: 60_000 });
    await gleaner.startBatch({ ...batch, maxCredits: 18 });
    const status = await statusWhen('batch/again', ({ progress }) => progress.inFlight?.scrapes === 2);
    expect(status.progress).toMatchObject({ counts: { done: 4, open: 2 }, endedBefore: 4 });
    expect(status.pace).toMatchObject({ perMinute: 0 });
    const { jobs } = await system.control.ledger();
    expect(jobs.length).toBeGreaterThan(0);
  });

  it('is given again and again until the end, which is the last one', async () => {
    const looks: BatchStatus[] = [];
    for await (const look of gleaner.watchBatch('batch/again', { everyMs: 50 })) {
      looks.push(look);
      await system.control.ready();
    }
    expect(looks.length).toBeGreaterThan(1);
    expect(looks.at(-1)).toMatchObject({
      state: 'ended',
      record: { counts: { done: 6 }, ceiling: { credits: 18 } },
    });
  });
});
