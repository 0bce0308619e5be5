import { describe, expect, it } from 'vitest';
import { submit } from '../../src/activities/submit.ts';
import type { ScrapeInput } from '../../src/contracts/scrape.ts';
import { toRef } from '../../src/contracts/to-ref.ts';
import { buy, openShop } from '../support/bought.ts';

const FIRST: ScrapeInput = { scraper: 'scrapellm/chatgpt', prompt: 'oat milk' };
const OTHER: ScrapeInput = { ...FIRST, params: { bypass_cache: true } };
const ID = 'scrape/test/1';

/** A scrape whose first submission was bought and failed. */
async function failedOnce(): Promise<Awaited<ReturnType<typeof openShop>>> {
  const shop = await openShop();
  const { receipt } = await buy(shop.deps, FIRST, ID);
  await shop.deps.store.journal.createVerdict({
    scrapeId: ID,
    n: 1,
    outcome: 'failed',
    charge: receipt.charge,
    refundExpected: {},
    at: receipt.submittedAt,
    failure: { type: 'TaskFailed', message: 'failed' },
  });
  return shop;
}

const ask = (shop: Awaited<ReturnType<typeof openShop>>, input: ScrapeInput, n: number) =>
  submit(shop.deps, { ref: toRef(ID, input), input, n });

describe('the parameters of a scrape', () => {
  it('are part of what its id stands for', async () => {
    const shop = await failedOnce();
    await expect(ask(shop, OTHER, 2)).rejects.toMatchObject({ type: 'InvalidInput' });
  });

  it('may be others in what a retry buys, and are the same whenever that is asked for again', async () => {
    const shop = await failedOnce();
    const retry = { n: 1, from: 2 };
    expect(await ask(shop, { ...OTHER, retry }, 2)).toMatchObject({ kind: 'receipt', receipt: { n: 2 } });
    expect(await ask(shop, { ...OTHER, retry }, 2)).toMatchObject({ kind: 'receipt', receipt: { n: 2 } });
    const third = { ...FIRST, params: { bypass_cache: false }, retry };
    await expect(ask(shop, third, 2)).rejects.toMatchObject({ type: 'InvalidInput' });
    expect((await shop.control.ledger()).jobs).toHaveLength(2);
  });

  it('do not keep who knows nothing of the retry from what it bought', async () => {
    const shop = await failedOnce();
    await ask(shop, { ...OTHER, retry: { n: 1, from: 2 } }, 2);
    expect(await ask(shop, FIRST, 1)).toMatchObject({ kind: 'receipt', receipt: { n: 2 } });
    expect((await shop.control.ledger()).jobs).toHaveLength(2);
  });
});

describe('a retry', () => {
  it.each([
    ['scraper', { scraper: 'scrapellm/grok' }],
    ['prompt', { prompt: 'soy milk' }],
    ['market', { market: 'DE' }],
  ])('never makes another scrape of an id: not another %s', async (_what, changes) => {
    const shop = await failedOnce();
    const input = { ...OTHER, ...changes, retry: { n: 1, from: 2 } };
    await expect(ask(shop, input, 2)).rejects.toMatchObject({ type: 'InvalidInput' });
    expect((await shop.control.ledger()).jobs).toHaveLength(1);
  });

  it('that was typed by hand cannot leave a gap in the journal, behind which nobody would see a purchase', async () => {
    const shop = await failedOnce();
    const gap = ask(shop, { ...FIRST, retry: { n: 1, from: 5 } }, 5);
    await expect(gap).rejects.toMatchObject({ type: 'InvalidInput' });
    await expect(gap).rejects.toThrow('5 leaves a gap: the journal has 1 submissions');
    expect((await shop.control.ledger()).jobs).toHaveLength(1);
  });
});
