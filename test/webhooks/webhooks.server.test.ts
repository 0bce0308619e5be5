import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ScrapeInput, ScrapeRecord } from '../../src/contracts/scrape.ts';
import type { Account } from '../../src/providers/account.ts';
import type { DataForSeoScript } from '../../src/simulator/dataforseo/faults.ts';
import { createCallbackUrls } from '../../src/webhooks/callback-urls.ts';
import { startReceiver } from '../../src/webhooks/receiver.ts';
import type { Receiver } from '../../src/webhooks/receiver.ts';
import { signalHint } from '../../src/webhooks/signal-hint.ts';
import { ending, eventsOf, start, until } from '../support/scrapes.ts';
import { createSystem } from '../support/system.ts';
import type { TestSystem } from '../support/system.ts';
import { SIMULATOR_LOGIN, SIMULATOR_PASSWORD } from '../../src/contracts/simulator-credentials.ts';

let system: TestSystem;
let receiver: Receiver;
let callbacksFor: ReturnType<typeof createCallbackUrls>['callbacksFor'];

beforeAll(async () => {
  system = await createSystem();
  await system.stopWorkers();
  const { store, client } = system;
  const options = { store, sendHint: signalHint(client), host: '127.0.0.1' };
  const secret = 'a secret that nobody guesses';
  // The port is known first once it listens, and the address is part of what it is given.
  const probe = await startReceiver({
    ...options,
    port: 0,
    urls: createCallbackUrls('http://127.0.0.1', secret),
  });
  const { port } = probe;
  await probe.close();
  const urls = createCallbackUrls(`http://127.0.0.1:${port}`, secret);
  receiver = await startReceiver({ ...options, port, urls });
  ({ callbacksFor } = urls);
});
afterAll(async () => {
  await receiver.close();
  await system.close();
});

/** Workers of the simulated DataForSEO; the greater the scale, the sooner the back-stop looks. */
function startWorkers(timeScale: number): ReturnType<TestSystem['startWorkers']> {
  const account: Account = {
    ...system.account,
    provider: 'dataforseo',
    secret: `${SIMULATOR_LOGIN}:${SIMULATOR_PASSWORD}`,
    timeScale,
  };
  return system.startWorkers({ callbacksFor }, [account]);
}

const scrapeOf = (prompt: string): Partial<ScrapeInput> & { prompt: string } => ({
  scraper: 'dataforseo/google-organic',
  prompt,
});

async function getsOf(): Promise<number> {
  const { calls } = await system.control.dataforseo.calls();
  return calls.filter(({ call }) => call === 'task_get').length;
}

test('is done by the post alone: one call out to buy, one in, and no look', async () => {
  const workers = await startWorkers(1);
  await system.control.dataforseo.setKnobs({ durationMs: 500 });
  const handle = await start(system, scrapeOf('oat milk'));
  const { type, record } = await ending(handle);
  await workers.stop();
  expect(type).toBe('completed');
  expect(record).toMatchObject({ outcome: 'done', submissions: 1, charge: { usdMicros: 600 } });
  expect(await getsOf()).toBe(0);
  // Taken from the store within the workflow task that was told of it, so no queue of looks can hold it up.
  const events = await eventsOf(system, handle.workflowId);
  expect(events.filter((event) => event.startsWith('activityTaskScheduled'))).toHaveLength(1); // `submit`
  expect(await system.store.postbacks.taskIds(system.store.journal.tag(handle.workflowId, 1))).toEqual([]);
});

test('loses nothing and stores nothing wrong whatever becomes of the posts', async () => {
  const workers = await startWorkers(2_000);
  await system.control.dataforseo.setKnobs({
    durationMs: 300,
    hugeBytes: 5_000_000,
    callbackLateMs: 86_400_000,
  });
  const faults: Record<string, DataForSeoScript> = {};
  for (const fault of [
    'callback-lost',
    'callback-tripled',
    'callback-late',
    'callback-early',
    'postback-no-encoding',
    'postback-not-gzip',
    'postback-not-json',
    'postback-huge',
  ] as const) {
    faults[fault] = { on: 'task', keyword: fault, steps: [{ faults: [fault] }] };
  }
  for (const script of Object.values(faults)) await system.control.dataforseo.script(script);
  const handles = await Promise.all(Object.keys(faults).map((prompt) => start(system, scrapeOf(prompt))));
  const endings = await Promise.all(handles.map((handle) => ending(handle)));
  expect(endings.map(({ type }) => type)).toEqual(handles.map(() => 'completed'));

  const { tasks } = await system.control.dataforseo.ledger();
  for (const [index, prompt] of Object.keys(faults).entries()) {
    const bought = tasks.filter((task) => task.keyword === prompt);
    expect(bought, prompt).toHaveLength(1);
    await expectResultOf(endings[index]?.record, bought[0]?.id ?? '', prompt);
  }
  // A day late, the post finds that everything is in: it is thanked for, and nothing is kept.
  await system.control.advance(86_400_000);
  const late = handles[2]?.workflowId ?? '';
  const before = await system.store.records.read(late);
  const { sent, failed } = await until(async () => {
    const callbacks = await callbacksOf('callback-late');
    return callbacks && callbacks.sent > 0 && callbacks;
  }, 'the late post is made');
  expect({ sent, failed }).toEqual({ sent: 1, failed: 0 });
  expect(await system.store.records.read(late)).toEqual(before);
  expect(await system.store.postbacks.taskIds(system.store.journal.tag(late, 1))).toEqual([]);
  await workers.stop();
});

/** The stored body is that task's, and holds no token of ours. */
async function expectResultOf(
  record: ScrapeRecord | undefined,
  taskId: string,
  prompt: string,
): Promise<void> {
  if (!record?.result) throw new Error(`${prompt} has no result`);
  const raw = Buffer.from(await system.store.results.readRaw(record.result)).toString();
  const body = JSON.parse(raw) as { tasks: Array<{ id: string }> };
  expect(body.tasks[0]?.id, prompt).toBe(taskId);
  const { postbackUrl = '' } = callbacksFor(system.store.journal.tag(record.scrapeId, 1));
  expect(raw).not.toContain(postbackUrl.split('/').at(-1)?.split('?')[0]);
  expect(record.result.normalized, prompt).toBe(true);
}

async function callbacksOf(prompt: string): Promise<{ sent: number; failed: number } | undefined> {
  const { tasks } = await system.control.dataforseo.ledger();
  return tasks.find((task) => task.keyword === prompt)?.callbacks;
}

test('knows that a scrape which has not begun was not told', async () => {
  const send = signalHint(system.client);
  expect(await send('scrape/test/not-begun', '11201030-1535-0066-0000-1a2b3c4d5e6f', 'postback')).toBe(
    'nobody',
  );
});
