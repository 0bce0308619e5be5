import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestNamespace } from '../support/namespace.ts';
import { ending, uniquePrompt } from '../support/scrapes.ts';
import { createWorld } from './world.ts';
import type { ChaosWorld } from './world.ts';
import { SIMULATOR_LOGIN, SIMULATOR_PASSWORD } from '../../src/contracts/simulator-credentials.ts';

let world: ChaosWorld;
let space: TestNamespace;
beforeAll(async () => {
  world = await createWorld({ speed: 100, dataforseo: { knobs: { durationMs: 0 } } });
  space = await world.newDatabase();
});
afterAll(() => world.close());

it('a worker killed with -9 between two forms of a result loses none and buys nothing again', async () => {
  const dataForSeoKey = `${SIMULATOR_LOGIN}:${SIMULATOR_PASSWORD}`;
  const prompt = uniquePrompt();
  const handle = await space.client.workflow.start('scrapeWorkflow', {
    taskQueue: 'gleaner',
    workflowId: `scrape/test/${randomUUID()}`,
    args: [{ scraper: 'dataforseo/google-organic', prompt, params: { variants: 'advanced,regular,html' } }],
  });
  const doomed = await world.startWorker(space, {
    dataForSeoKey,
    signalAt: { point: 'check:variant-stored', nth: 1, signal: 'SIGKILL' },
  });
  expect(await doomed.exited).toEqual({ code: null, signal: 'SIGKILL' });
  const healthy = await world.startWorker(space, { dataForSeoKey });

  const { type, record } = await ending(handle);
  await healthy.kill();
  expect(type).toBe('completed');
  expect(record).toMatchObject({ outcome: 'done', charge: { usdMicros: 600 }, possiblySpent: {} });
  expect(record?.result?.variants?.map(({ variant }) => variant)).toEqual(['regular', 'html']);
  for (const form of record?.result?.variants ?? []) await world.store.results.readRaw(form);
  const { tasks } = await world.control.dataforseo.ledger({ keyword: prompt });
  expect(tasks).toMatchObject([{ fetched: { advanced: 2, regular: 2, html: 1 } }]);
});
