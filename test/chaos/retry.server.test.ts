import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectGleaner } from '../../src/client/connect-gleaner.ts';
import type { Config } from '../../src/config/config.ts';
import type { TestNamespace } from '../support/namespace.ts';
import { createWorld, startBatch } from './world.ts';
import type { ChaosWorld } from './world.ts';

let world: ChaosWorld;
let space: TestNamespace;
beforeAll(async () => {
  world = await createWorld({ knobs: { attemptFailureRate: 0, durationMs: 200 } });
  space = await world.newDatabase();
});
afterAll(() => world.close());

it('of a batch survives workers killed with -9: each scrape is bought once more at most, every credit named', async () => {
  const prompts = [0, 1, 2, 3].map((n) => `question ${n} of killed`);
  const input = { name: 'killed', prompts, scrapers: ['scrapellm/chatgpt'], maxSubmissions: 1 };
  await world.control.script({ on: 'submit', steps: prompts.map(() => ({ fault: 'fail-job' as const })) });
  const first = await world.startWorker(space);
  const failed = await (await startBatch(space, input)).result();
  expect(failed.counts).toMatchObject({ failed: 4 });
  await first.kill();

  const { location } = world.store;
  const config = { store: location, simulated: true, taskQueue: 'gleaner' } as Config; // all that is read of it
  const gleaner = await connectGleaner({ config, client: space.client, store: world.store });
  const { batchId, retryId = '' } = await gleaner.retryBatch(failed.batchId, { window: 1 });
  // Dies with an intent and no answer on record, then after a receipt.
  for (const point of ['submit:answer-received', 'submit:receipt-written'] as const) {
    const doomed = await world.startWorker(space, { signalAt: { point, nth: 1, signal: 'SIGKILL' } });
    expect(await doomed.exited).toEqual({ code: null, signal: 'SIGKILL' });
  }
  const healthy = await world.startWorker(space);
  const record = await gleaner.waitForRetry({ batchId, retryId });
  await healthy.kill();

  expect(record.counts).toMatchObject({ done: 3, unknown: 1, failed: 0, open: 0 });
  expect(record.charge).toEqual({ credits: 4 * 3 + 3 * 3 });
  expect(record.possiblySpent).toEqual({ credits: 3 });
  const { jobs } = await world.control.ledger();
  for (const prompt of prompts) expect(jobs.filter((job) => job.prompt === prompt)).toHaveLength(2);
});
