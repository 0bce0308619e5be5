import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import type { Intent, Receipt } from '../../src/contracts/journal.ts';
import { openFileStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { createCallbackUrls } from '../../src/webhooks/callback-urls.ts';
import { startReceiver } from '../../src/webhooks/receiver.ts';
import type { Receiver, ReceiverOptions } from '../../src/webhooks/receiver.ts';
import { makeFolder, makeIntent, makeReceipt } from '../store/fixtures.ts';

const SECRET = 'a secret of sixteen characters or more';
export const TASK_ID = '11231200-9001-0066-0000-0123456789ab';

/** A receiver on a free port over a store of its own, with one bought scrape that waits. */
export interface TestReceiver {
  store: Store;
  folder: string;
  receiver: Receiver;
  /** The right address of the scrape's submission, with the task's id. */
  url: string;
  tag: string;
  hints: string[];
  /** Where another submission is posted to. */
  urlOf: (tag: string, taskId: string) => string;
  /** Journals one more scrape and returns its mark. */
  buy: (
    scrapeId: string,
    changes?: { intent?: Partial<Intent>; receipt?: Partial<Receipt> | null },
  ) => Promise<string>;
}

export async function setUp(
  options: Partial<ReceiverOptions> & { folder?: string } = {},
): Promise<TestReceiver> {
  const { folder = await makeFolder(), ...receiverOptions } = options;
  const store = await openFileStore(folder, { simulated: true });
  const hints: string[] = [];
  const urls = createCallbackUrls('https://gleaner.example/hooks', SECRET);
  const receiver = await startReceiver({
    store,
    urls,
    sendHint: async (scrapeId, taskId) => void hints.push(`${scrapeId} ${taskId}`),
    port: 0,
    host: '127.0.0.1',
    ...receiverOptions,
  });
  onTestFinished(() => receiver.close());
  const urlOf = (tag: string, taskId: string): string => {
    const { postbackUrl = '' } = urls.callbacksFor(tag);
    return postbackUrl
      .replace('https://gleaner.example', `http://127.0.0.1:${receiver.port}`)
      .replace('$id', taskId);
  };
  const buy: TestReceiver['buy'] = async (scrapeId, { intent = {}, receipt = {} } = {}) => {
    await store.journal.createIntent(makeIntent(store.journal, { scrapeId, ...intent }));
    if (receipt) await store.journal.createReceipt(makeReceipt({ scrapeId, taskId: TASK_ID, ...receipt }));
    return store.journal.tag(scrapeId, 1);
  };
  const tag = await buy('scrape/one');
  return { store, folder, receiver, tag, url: urlOf(tag, TASK_ID), hints, urlOf, buy };
}

/** A body as DataForSEO posts it. */
export function postedBody(tag: string, taskId = TASK_ID): Uint8Array {
  const task = {
    id: taskId,
    status_code: 20000,
    path: ['v3', 'x', 'task_get', 'advanced', taskId],
    data: { tag },
  };
  return gzipSync(JSON.stringify({ status_code: 20000, tasks: [task] }));
}

export async function post(url: string, body: Uint8Array | string): Promise<number> {
  const response = await fetch(url, { method: 'POST', body });
  await response.text();
  return response.status;
}
