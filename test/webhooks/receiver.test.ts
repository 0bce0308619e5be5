import { once } from 'node:events';
import { connect } from 'node:net';
import { request } from 'undici';
import { expect, test } from 'vitest';
import { StoreError } from '../../src/store/store-error.ts';
import { openFileStore } from '../../src/store/open-store.ts';
import { makeFolder, makeUnknown, makeVerdict } from '../store/fixtures.ts';
import { post, postedBody, setUp, TASK_ID } from './support.ts';

const OTHER_ID = TASK_ID.replace('ab', 'cd');

test('stores a posted body byte for byte before it answers, then tells the scrape', async () => {
  const { store, url, tag, hints, receiver } = await setUp();
  const body = postedBody(tag);
  expect(await post(url, body)).toBe(200);
  expect(await store.postbacks.read(tag, TASK_ID)).toEqual(Buffer.from(body));
  await receiver.close();
  expect(hints).toEqual([`scrape/one ${TASK_ID}`]);
});

test('hears the address also without the path that a reverse proxy took away', async () => {
  const { url, tag, store } = await setUp();
  expect(await post(url.replace('/hooks/', '/'), postedBody(tag))).toBe(200);
  expect(await store.postbacks.taskIds(tag)).toEqual([TASK_ID]);
});

test('takes three deliveries at once for one, and tells the scrape once', async () => {
  const { store, url, tag, hints, receiver } = await setUp();
  const answers = await Promise.all([1, 2, 3].map(() => post(url, postedBody(tag))));
  expect(answers).toEqual([200, 200, 200]);
  await receiver.close();
  expect(await store.postbacks.taskIds(tag)).toEqual([TASK_ID]);
  expect(hints).toHaveLength(1);
});

test('keeps what comes before the answer to the purchase', async () => {
  const { store, urlOf, buy, hints, receiver } = await setUp();
  const tag = await buy('scrape/early', { receipt: null });
  expect(await post(urlOf(tag, OTHER_ID), postedBody(tag, OTHER_ID))).toBe(200);
  await receiver.close();
  expect(await store.postbacks.taskIds(tag)).toEqual([OTHER_ID]);
  expect(hints).toEqual([`scrape/early ${OTHER_ID}`]);
});

test('thanks for what comes after the end, and keeps nothing of it', async () => {
  const { store, url, tag, hints, receiver } = await setUp();
  await store.journal.createVerdict(makeVerdict({ scrapeId: 'scrape/one' }));
  expect(await post(url, postedBody(tag))).toBe(200);
  await receiver.close();
  expect(await store.postbacks.taskIds(tag)).toEqual([]);
  expect(hints).toEqual([]);
});

test('keeps nothing of a body that is still coming when its scrape ends', async () => {
  const folder = await makeFolder();
  const store = await openFileStore(folder, { simulated: true });
  const written = new AbortController();
  const begun = once(written.signal, 'abort');
  const write: typeof store.postbacks.write = (...args) => {
    written.abort(); // it was let in
    return store.postbacks.write(...args);
  };
  const { url, tag, hints, receiver } = await setUp({
    folder,
    store: { ...store, postbacks: { ...store.postbacks, write } },
  });
  const slow = new TransformStream<Uint8Array, Uint8Array>();
  const body = slow.writable.getWriter();
  const answer = fetch(url, { method: 'POST', body: slow.readable, duplex: 'half' });
  await body.write(postedBody(tag).subarray(0, 10));
  await begun;
  await store.journal.createVerdict(makeVerdict({ scrapeId: 'scrape/one' }));
  await store.postbacks.clear(tag); // as who writes a verdict does
  await body.write(postedBody(tag).subarray(10));
  await body.close();
  expect((await answer).status).toBe(200);
  await receiver.close();
  expect(await store.postbacks.taskIds(tag)).toEqual([]);
  expect(hints).toEqual([]);
});

test('passes a pingback on as a hint, once a minute, and stores nothing', async () => {
  const { store, url, tag, hints, receiver } = await setUp();
  const pingback = url.replace('/postback/', '/pingback/');
  for (let i = 0; i < 3; i++) expect((await fetch(pingback)).status).toBe(200);
  await receiver.close();
  expect(hints).toEqual([`scrape/one ${TASK_ID}`]);
  expect(await store.postbacks.taskIds(tag)).toEqual([]);
});

test('tells the scrape of a result also right after a pingback', async () => {
  const { url, tag, hints, receiver } = await setUp();
  await fetch(url.replace('/postback/', '/pingback/'));
  await post(url, postedBody(tag));
  await receiver.close();
  expect(hints).toHaveLength(2);
});

test.each<[string, number, (url: string) => string]>([
  [
    'a token with one other character',
    404,
    (url) => url.replace(/.\?id/, (end) => (end[0] === 'A' ? 'B?id' : 'A?id')),
  ],
  ['no token', 404, (url) => url.replace(/\/[^/]*\?id/, '/?id')],
  ['a token cut short', 404, (url) => url.replace(/.\?id/, '?id')],
  ['the token of another mark', 404, (url) => url.replace(/0|1/, (digit) => (digit === '0' ? '1' : '0'))],
  ['a mark that climbs', 404, (url) => url.replace(/postback\/[^/]*/, 'postback/..%2f..%2fowner.json')],
  ['no id', 400, (url) => url.replace(/\?.*/, '')],
  ['an id that climbs', 400, (url) => url.replace(/id=.*/, 'id=../../owner.json')],
  ['an id that is too long', 400, (url) => url.replace(/id=.*/, `id=${'a'.repeat(101)}`)],
  ['the id of another task', 409, (url) => url.replace(/id=.*/, `id=${OTHER_ID}`)],
  ['another path', 404, (url) => url.replace('/postback/', '/results/')],
])('refuses %s with %i, and nothing changes', async (_, status, forge) => {
  const { store, url, tag, hints, receiver } = await setUp();
  const port = receiver.port;
  // The whole address after the port is forged, or the port itself could be.
  const forged = `http://127.0.0.1:${port}${forge(new URL(url).pathname + new URL(url).search)}`;
  expect(await post(forged, postedBody(tag))).toBe(status);
  await receiver.close();
  expect(await store.postbacks.taskIds(tag)).toEqual([]);
  expect(hints).toEqual([]);
});

test('refuses a right token for a submission that the store does not know', async () => {
  const { store, urlOf, hints } = await setUp();
  const tag = store.journal.tag('scrape/never-bought', 1);
  expect(await post(urlOf(tag, TASK_ID), postedBody(tag))).toBe(404);
  expect(hints).toEqual([]);
});

test('refuses an empty body', async () => {
  const { store, url, tag } = await setUp();
  expect(await post(url, '')).toBe(400);
  expect(await store.postbacks.taskIds(tag)).toEqual([]);
});

test('refuses a body that says to be too large without reading it, and one that does not say so', async () => {
  const { store, url, tag } = await setUp({ maxBytes: 100_000 });
  expect(await rawPost(url, ['content-length: 100001'], '')).toContain('413');
  const chunk = `186a0\r\n${'x'.repeat(100_000)}\r\n`;
  expect(await rawPost(url, ['transfer-encoding: chunked'], chunk + chunk)).toContain('413');
  expect(await store.postbacks.taskIds(tag)).toEqual([]);
});

test('takes a body of 50 MB without holding it in memory', async () => {
  const { store, url, tag } = await setUp();
  const size = 50 * 1024 * 1024;
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5);
  const part = new Uint8Array(1024 * 1024).fill(120);
  let left = size / part.length;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => (left-- > 0 ? controller.enqueue(part) : controller.close()),
  });
  const response = await fetch(url, { method: 'POST', body: stream, duplex: 'half' });
  clearInterval(watch);
  expect(response.status).toBe(200);
  expect((await store.postbacks.read(tag, TASK_ID))?.length).toBe(size);
  expect(peak - before).toBeLessThan(size); // client and server are both in here
});

test('answers 503 while the store cannot write, and takes the next delivery', async () => {
  const folder = await makeFolder();
  const store = await openFileStore(folder, { simulated: true });
  let full = true;
  const write: typeof store.postbacks.write = (...args) => {
    if (full) throw new StoreError('unavailable', 'postbacks', 'the disk or the quota is full (ENOSPC)');
    return store.postbacks.write(...args);
  };
  const { url, tag, hints, receiver } = await setUp({
    folder,
    store: { ...store, postbacks: { ...store.postbacks, write } },
  });
  expect(await post(url, postedBody(tag))).toBe(503);
  expect(hints).toEqual([]);
  full = false;
  expect(await post(url, postedBody(tag))).toBe(200);
  await receiver.close();
  expect(hints).toHaveLength(1);
});

test('answers 200 at once while Temporal is away', async () => {
  const back = new AbortController();
  const away = once(back.signal, 'abort').then(() => undefined);
  const { url, tag, store, receiver } = await setUp({ sendHint: () => away });
  expect(await post(url, postedBody(tag))).toBe(200);
  expect(await store.postbacks.taskIds(tag)).toEqual([TASK_ID]);
  back.abort();
  await receiver.close();
});

test('closes a body that comes drop by drop, keeps nothing of it and goes on', async () => {
  const { store, url, tag } = await setUp({ requestTimeoutMs: 300 });
  const drop = rawPost(url, ['content-length: 1000'], 'x');
  const headers = rawPost(url, [], undefined);
  expect(await drop).toMatch(/^$|408|400/);
  expect(await headers).toMatch(/^$|408/);
  expect(await store.postbacks.taskIds(tag)).toEqual([]);
  expect(await post(url, postedBody(tag))).toBe(200);
});

test('keeps nothing of a body that breaks off', async () => {
  const { store, url, tag, hints } = await setUp();
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(`POST ${pathOf(url)} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nhalf of`, () =>
    socket.destroy(),
  );
  await once(socket, 'close');
  expect(await post(url, postedBody(tag))).toBe(200);
  expect(await store.postbacks.read(tag, TASK_ID)).toEqual(Buffer.from(postedBody(tag)));
  expect(hints).toHaveLength(1);
});

test('takes ten thousand at once, stays up and does not grow with them', async () => {
  const { store, urlOf, buy, tag, url } = await setUp();
  const tags: string[] = [];
  for (let i = 0; i < 100; i++) tags.push(await buy(`scrape/${i}`));
  const body = Buffer.alloc(20_000, 'x');
  const before = process.memoryUsage().rss;
  const statuses = new Map<number, number>();
  const one = async (i: number): Promise<void> => {
    // Each of a hundred submissions is told a hundred times: storm and repetition in one.
    const answer = await request(urlOf(tags[i % 100] ?? '', TASK_ID), { method: 'POST', body });
    await answer.body.dump();
    statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
  };
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < 10_000) await one(next++);
  };
  await Promise.all(Array.from({ length: 100 }, caller));
  expect(Object.fromEntries(statuses)).toEqual({ 200: 10_000 });
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  expect(await post(url, postedBody(tag))).toBe(200);
  expect(await store.postbacks.taskIds(tag)).toEqual([TASK_ID]);
}, 300_000); // 10 s on an idle machine

/** Writes a request by hand and resolves with what came back until the receiver closed the connection. */
async function rawPost(url: string, headers: string[], body: string | undefined): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  let answer = '';
  socket.on('data', (data) => (answer += data.toString()));
  const head = [`POST ${pathOf(url)} HTTP/1.1`, 'host: x', ...headers].join('\r\n');
  socket.write(body === undefined ? head : `${head}\r\n\r\n${body}`);
  await once(socket, 'close');
  return answer.split('\r\n')[0] ?? '';
}

function pathOf(url: string): string {
  return new URL(url).pathname + new URL(url).search;
}

test('has what comes for a purchase that was taken for absent written down before it answers', async () => {
  const late: string[] = [];
  const { store, urlOf, buy } = await setUp({ takeLate: async (scrapeId) => void late.push(scrapeId) });
  const tag = await buy('scrape/absent', { receipt: null });
  expect(await post(urlOf(tag, TASK_ID), postedBody(tag))).toBe(200);
  expect(late).toEqual([]);
  await store.journal.createUnknown(makeUnknown({ scrapeId: 'scrape/absent', absent: true }));
  expect(await post(urlOf(tag, OTHER_ID), postedBody(tag, OTHER_ID))).toBe(200);
  expect(late).toEqual(['scrape/absent']);
});
