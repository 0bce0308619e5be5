import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultPoint } from '../../src/activities/fault-points.ts';
import type { TestNamespace } from '../support/namespace.ts';
import { ending, eventsOf, jobsOf, uniquePrompt, until } from '../support/scrapes.ts';
import { openIntents, problemsOf, readBooks } from './books.ts';
import type { ChaosWorkerOptions } from './worker-options.ts';
import type { WorkerProcess } from './worker-process.ts';
import { createWorld, startBatch, startScrape } from './world.ts';
import type { ChaosWorld } from './world.ts';

/** A heartbeat is missed after 10 s: an outcome that settles after twice that leaves room to thaw in between. */
const PATIENT = { timing: { sendByMs: 1_000, httpTimeoutMs: 20_000, marginMs: 500 } };

const LONGER_THAN_A_HEARTBEAT_MS = 12_000;

let world: ChaosWorld;
let space: TestNamespace;
beforeAll(async () => {
  world = await createWorld({ knobs: { attemptFailureRate: 0, durationMs: 200 } });
  space = await world.newDatabase();
});
afterAll(() => world.close());

/** A scrape whose worker froze (SIGSTOP) in the middle of buying it, and a healthy worker that took over. */
async function frozenAt(point: FaultPoint, overrides: Partial<ChaosWorkerOptions> = {}) {
  const own = { taskQueue: `gleaner-${randomUUID()}`, key: `key-${randomUUID()}`, ...overrides };
  const prompt = uniquePrompt();
  await world.control.fund(own.key, 100);
  const handle = await startScrape(space, { prompt, taskQueue: own.taskQueue });
  const frozen = await world.startWorker(space, { ...own, signalAt: { point, nth: 1, signal: 'SIGSTOP' } });
  await until(() => frozen.isFrozen(), 'the worker is frozen', 120_000); // it stops polling first
  await world.startWorker(space, own);
  return { own, prompt, handle, frozen };
}

/** Lets it go on with what it was doing, to the end. */
async function thaw(frozen: WorkerProcess): Promise<void> {
  frozen.signal('SIGCONT');
  frozen.signal('SIGTERM');
  expect(await frozen.exited).toEqual({ code: 0, signal: null });
}

/**
 * Whether the scrape waits for its doubtful purchase to settle: a timer before anything is bought is that one. Read from
 * the history, because a query would be handed to the frozen worker.
 */
async function isReconciling(scrapeId: string): Promise<boolean> {
  return (await eventsOf(space, scrapeId)).includes('timerStartedEventAttributes');
}

const BOUGHT_ONCE = { outcome: 'done', submissions: 1, charge: { credits: 3 }, possiblySpent: {} };

describe.concurrent('a worker that is frozen for longer than its heartbeat while another one takes over', () => {
  it('before its intent: finds its place taken and sends nothing', async () => {
    // Its time to send is not over when it thaws: nothing but the taken place stops it.
    const timing = { sendByMs: 120_000, httpTimeoutMs: 8_000, marginMs: 500 };
    const { prompt, handle, frozen } = await frozenAt('submit:before-intent', { timing });
    expect((await ending(handle)).record).toMatchObject(BOUGHT_ONCE);
    await thaw(frozen);
    expect(await jobsOf(world, prompt)).toMatchObject([{ collected: 1 }]);
  });

  it('after its intent: sends nothing any more and says so; then it is bought', async () => {
    const { prompt, handle, frozen } = await frozenAt('submit:after-intent', PATIENT);
    await until(() => isReconciling(handle.workflowId), 'the other worker doubts');
    await thaw(frozen);
    expect(await jobsOf(world, prompt)).toEqual([]);
    expect((await ending(handle)).record).toMatchObject(BOUGHT_ONCE);
    expect(await jobsOf(world, prompt)).toMatchObject([{ collected: 1 }]);
  });

  it('while the provider answers: its answer is used', async () => {
    const { prompt, handle, frozen } = await frozenAt('submit:request-sent', PATIENT);
    await until(() => isReconciling(handle.workflowId), 'the other worker doubts');
    await thaw(frozen);
    expect((await ending(handle)).record).toMatchObject(BOUGHT_ONCE);
    expect(await jobsOf(world, prompt)).toMatchObject([{ collected: 1 }]);
  });

  it('until its purchase was given up: its late receipt is used when the scrape is started again', async () => {
    const { own, prompt, handle, frozen } = await frozenAt('submit:answer-received');
    expect((await ending(handle)).record).toMatchObject({
      outcome: 'unknown',
      possiblySpent: { credits: 3 },
    });
    await thaw(frozen);
    const { workflowId } = handle;
    const again = await startScrape(space, { prompt, taskQueue: own.taskQueue, workflowId });
    expect((await ending(again)).record).toMatchObject(BOUGHT_ONCE);
    expect(await jobsOf(world, prompt)).toMatchObject([{ collected: 1 }]);
  });

  it('in the middle of a batch: every purchase is used, none is made twice', async () => {
    const key = `key-${randomUUID()}`;
    await world.control.fund(key, 1_000);
    // Every other answer takes a while, so that some are on their way when the worker freezes.
    const steps = Array.from({ length: 40 }, (_, i) =>
      i % 2 === 0 ? { fault: 'slow' as const, ms: 700 } : { fault: 'none' as const },
    );
    await world.control.script({ on: 'submit', key, steps });
    const options = { key, submitsPerSecond: 5, ...PATIENT };
    const frozen = await world.startWorker(space, options);
    const prompts = Array.from({ length: 20 }, () => uniquePrompt());
    const handle = await startBatch(space, { name: 'frozen', prompts, scrapers: ['scrapellm/grok'] });
    const books = () => readBooks(world, 'batch/frozen');
    await until(async () => {
      const submissions = (await books()).flatMap((book) => book.submissions);
      return submissions.length >= 5 && openIntents(await books()).length > 0;
    }, 'some are bought and one is on its way');
    frozen.signal('SIGSTOP');
    await until(() => frozen.isFrozen(), 'the worker is frozen', 120_000); // it stops polling first
    const missesItsHeartbeat = new Promise((resolve) => setTimeout(resolve, LONGER_THAN_A_HEARTBEAT_MS));
    await Promise.all([world.startWorker(space, options), missesItsHeartbeat]);
    await thaw(frozen);

    expect((await handle.result()).counts).toMatchObject({ done: 20, open: 0 });
    const all = await books();
    expect(problemsOf(all)).toEqual([]);
    expect(all.map(({ jobs }) => jobs.length)).toEqual(all.map(() => 1));
  });
});
