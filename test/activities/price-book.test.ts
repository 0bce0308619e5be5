import { describe, expect, it } from 'vitest';
import { createPriceBook } from '../../src/activities/price-book.ts';
import type { HttpOutcome } from '../../src/providers/http.ts';
import { bothAccounts } from '../support/accounts.ts';

const [scrapeLlm, dataForSeo] = bothAccounts('http://127.0.0.1:1');
if (!scrapeLlm || !dataForSeo) throw new Error('there is one account a provider');
const MINUTE_MS = 60_000;

/** What `user_data` tells of a price in dollars. */
function told(serp: number): HttpOutcome {
  const price = { serp: { task_post: { priority_normal: [{ cost: serp }] } } };
  const task = { status_code: 20_000, result: [{ price }] };
  const body = Buffer.from(JSON.stringify({ status_code: 20_000, tasks: [task] }));
  return { kind: 'reply', reply: { status: 200, headers: {}, body, serverTimeMs: 0 } };
}

/** A book whose calls are answered one after the other; the last answer stays. */
function bookOf(...answers: HttpOutcome[]) {
  let now = 0;
  let calls = 0;
  const http = {
    send: async (): Promise<HttpOutcome> => {
      const answer = answers[Math.min(calls, answers.length - 1)];
      calls += 1;
      return answer ?? { kind: 'lost', message: 'gone' };
    },
  };
  return {
    book: createPriceBook(http, () => now),
    calls: () => calls,
    tick: (ms: number) => (now += ms),
  };
}

describe('the prices of an account', () => {
  it('are asked for once for any number of purchases, and again minutes later', async () => {
    const { book, calls, tick } = bookOf(told(0.0009));
    const all = await Promise.all(Array.from({ length: 100 }, () => book.of(dataForSeo)));
    expect(new Set(all.map((prices) => prices['serp/normal']))).toEqual(new Set([900]));
    tick(4 * MINUTE_MS);
    await book.of(dataForSeo);
    expect(calls()).toBe(1);
    tick(MINUTE_MS);
    await book.of(dataForSeo);
    expect(calls()).toBe(2);
  });

  it('are the documented ones until somebody can tell them, and are asked for once a minute', async () => {
    const { book, calls, tick } = bookOf({ kind: 'lost', message: 'gone' }, told(0.0009));
    expect(await book.of(dataForSeo)).toEqual({});
    expect(await book.of(dataForSeo)).toEqual({});
    expect(calls()).toBe(1);
    tick(MINUTE_MS);
    expect(await book.of(dataForSeo)).toEqual({ 'serp/normal': 900 });
  });

  it('stay what they were when nobody tells them any more', async () => {
    const { book, tick } = bookOf(told(0.0009), { kind: 'not-sent', message: 'gone' });
    await book.of(dataForSeo);
    tick(60 * MINUTE_MS);
    expect(await book.of(dataForSeo)).toEqual({ 'serp/normal': 900 });
  });

  it('rise at once, and fall when they are told twice', async () => {
    const { book, tick } = bookOf(told(0.0006), told(0.0009), told(0.0007));
    const read = async () => {
      tick(10 * MINUTE_MS);
      return (await book.of(dataForSeo))['serp/normal'];
    };
    expect([await read(), await read(), await read(), await read()]).toEqual([600, 900, 900, 700]);
  });

  it('are asked for within the first minutes, and not by all at once, where many processes buy', async () => {
    let now = 0;
    let calls = 0;
    const http = { send: async () => ((calls += 1), told(0.0009)) };
    const books = Array.from({ length: 12 }, () => createPriceBook(http, () => now, 12));
    const readAll = () => Promise.all(books.map((book) => book.of(dataForSeo)));
    await readAll();
    expect(calls).toBe(0);
    now = 90_000;
    await readAll();
    expect(calls).toBeLessThan(12); // all of them: once in four thousand runs
    now = 180_000;
    await readAll();
    expect(calls).toBe(12);
  });

  it('are nobody’s business where the provider tells none', async () => {
    const { book, calls } = bookOf(told(0.0009));
    expect(await book.of(scrapeLlm)).toEqual({});
    expect(calls()).toBe(0);
  });
});
