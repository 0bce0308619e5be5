import { describe, expect, it } from 'vitest';
import { planBatch } from '../../src/activities/plan-batch.ts';
import { submit } from '../../src/activities/submit.ts';
import type { BatchInput } from '../../src/contracts/batch.ts';
import type { ScrapeInput } from '../../src/contracts/scrape.ts';
import { toRef } from '../../src/contracts/to-ref.ts';
import type { Http } from '../../src/providers/http.ts';
import { buy, openShop } from '../support/bought.ts';

const ANSWER: ScrapeInput = { scraper: 'dataforseo/chatgpt', prompt: 'oat milk' };

describe('a scrape with a ceiling in dollars', () => {
  it('is bought up to the very amount, and refused one micro-dollar below', async () => {
    const { deps, control } = await openShop();
    const tight = { ...ANSWER, maxUsd: 0.001_199 };
    const bought = submit(deps, { ref: toRef('scrape/a', tight), input: tight, n: 1 });
    await expect(bought).rejects.toMatchObject({
      type: 'BudgetExceeded',
      nonRetryable: true,
      message: expect.stringContaining(
        'costs up to $0.0012, nothing of at most $0.001199 are spent, and nothing more was bought. Raise maxUsd',
      ) as string,
    });
    expect((await control.dataforseo.ledger()).totals.tasks).toBe(0);
    await buy(deps, { ...ANSWER, maxUsd: 0.0012 }, 'scrape/b');
    expect((await control.dataforseo.ledger()).totals).toMatchObject({ tasks: 1, chargedMicros: 1_200 });
  });

  it('needs no room in the other currency', async () => {
    const { deps, control } = await openShop();
    await buy(deps, { ...ANSWER, maxCredits: 0 }, 'scrape/a');
    await buy(deps, { scraper: 'scrapellm/chatgpt', prompt: 'oat milk', maxUsd: 0 }, 'scrape/b');
    expect((await control.dataforseo.ledger()).totals.tasks).toBe(1);
  });

  it('counts what it was charged, not what was reserved, against its next purchase', async () => {
    const { deps } = await openShop();
    // Five times the price is reserved for a word that may be a search operator, and not charged here.
    const input = { scraper: 'dataforseo/google-organic', prompt: 'milk paid:no', maxUsd: 0.003 };
    const { receipt } = await buy(deps, input);
    const [submission] = await deps.store.journal.readAll('scrape/test/1');
    expect(submission?.intent.bound).toEqual({ usdMicros: 3_000 });
    expect(receipt.charge.usdMicros).toBeLessThan(3_000);
  });
});

describe('a scrape with a limit for one purchase', () => {
  it('is refused before anything is sent if it may cost more, with what to do', async () => {
    const { deps, control } = await openShop();
    const input: ScrapeInput = { ...ANSWER, params: { priority: 2 }, maxCharge: '$0.0012' };
    await expect(submit(deps, { ref: toRef('scrape/a', input), input, n: 1 })).rejects.toMatchObject({
      type: 'BudgetExceeded',
      nonRetryable: true,
      message: expect.stringContaining(
        'may cost up to $0.0024, more than the $0.0012 of maxCharge, so nothing was sent. Raise maxCharge',
      ) as string,
    });
    expect((await control.dataforseo.ledger()).totals.tasks).toBe(0);
    await buy(deps, { ...input, maxCharge: '$0.0024' }, 'scrape/a');
    await buy(deps, { ...ANSWER, maxCharge: '0 credits' }, 'scrape/b');
    expect((await control.dataforseo.ledger()).totals.tasks).toBe(2);
  });
});

describe('a scrape of a batch that somebody starts by itself', () => {
  const BATCH: BatchInput = { name: 'lamps', prompts: ['oat milk'], scrapers: ['dataforseo/chatgpt'] };
  const ref = toRef('batch/lamps/one/dataforseo/chatgpt/1', ANSWER);

  it('buys nothing if its batch has a ceiling, and says who does', async () => {
    const { deps, control } = await openShop();
    await planBatch(deps, { input: { ...BATCH, maxUsd: 5 } });
    const own = { ...ANSWER, maxUsd: 1 };
    await expect(submit(deps, { ref, input: own, n: 1, byItself: true })).rejects.toMatchObject({
      type: 'BudgetExceeded',
      nonRetryable: true,
      message: expect.stringMatching(
        /a purchase of up to \$0\.0012 is for batch\/lamps to make.*Start batch\/lamps again under its name, with a higher --max-usd/,
      ) as string,
    });
    expect((await control.dataforseo.ledger()).totals.tasks).toBe(0);
    expect(await submit(deps, { ref, input: own, n: 1 })).toMatchObject({ kind: 'receipt' });
    expect(await submit(deps, { ref, input: own, n: 1, byItself: true })).toMatchObject({ kind: 'receipt' });
    expect((await control.dataforseo.ledger()).totals.tasks).toBe(1);
  });

  it('buys nothing more once what it had bought has failed', async () => {
    const { deps } = await openShop();
    await planBatch(deps, { input: { ...BATCH, maxUsd: 5 } });
    const bought = await submit(deps, { ref, input: ANSWER, n: 1 });
    if (bought.kind !== 'receipt') throw new Error(bought.kind);
    const { charge, submittedAt: at } = bought.receipt;
    const key = { scrapeId: ref.scrapeId, n: 1 };
    await deps.store.journal.createVerdict({ ...key, outcome: 'failed', charge, refundExpected: {}, at });
    await expect(submit(deps, { ref, input: ANSWER, n: 2, byItself: true })).rejects.toMatchObject({
      type: 'BudgetExceeded',
    });
    expect(await submit(deps, { ref, input: ANSWER, n: 2 })).toMatchObject({ kind: 'receipt' });
  });

  it('is bought if no ceiling is in its way', async () => {
    const { deps } = await openShop();
    await planBatch(deps, { input: { ...BATCH, maxCredits: 5 } });
    expect(await submit(deps, { ref, input: ANSWER, n: 1, byItself: true })).toMatchObject({
      kind: 'receipt',
    });
    await planBatch(deps, { input: { ...BATCH, maxUsd: 5 } });
    await planBatch(deps, { input: BATCH });
    const other = toRef('batch/lamps/two/dataforseo/chatgpt/1', ANSWER);
    expect(await submit(deps, { ref: other, input: ANSWER, n: 1, byItself: true })).toMatchObject({
      kind: 'receipt',
    });
  });
});

describe('a purchase that is charged more than its bound', () => {
  it('is kept, and is the last one on that account', async () => {
    const shop = await openShop();
    const dearer: Http['send'] = async (request, options) => {
      const outcome = await shop.deps.http.send(request, options);
      // What the account says that it pays stays what it was.
      if (outcome.kind !== 'reply' || !request.url.endsWith('/task_post')) return outcome;
      const text = new TextDecoder().decode(outcome.reply.body).replaceAll('"cost":0.0012', '"cost":0.0013');
      return { kind: 'reply', reply: { ...outcome.reply, body: Buffer.from(text) } };
    };
    const deps = shop.with({ http: { ...shop.deps.http, send: dearer } });
    const { receipt } = await buy(deps, ANSWER, 'scrape/a');
    expect(receipt.charge).toEqual({ usdMicros: 1_300 });
    await expect(buy(deps, ANSWER, 'scrape/b')).rejects.toMatchObject({
      type: 'AccountBlocked',
      message: expect.stringContaining('scrape/a cost $0.0013 where $0.0012 was the most') as string,
    });
    await buy(deps, { scraper: 'scrapellm/chatgpt', prompt: 'oat milk' }, 'scrape/c');
    expect((await shop.control.dataforseo.ledger()).totals.tasks).toBe(1);
  });
});
