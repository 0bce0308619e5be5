import { describe, expect, it } from 'vitest';
import { check } from '../../src/activities/check.ts';
import { countsAgainstCeiling, spendOf } from '../../src/ledger/spend.ts';
import type { ScrapeInput } from '../../src/contracts/scrape.ts';
import { mayGiveBack } from '../../src/providers/dataforseo/refund.ts';
import type { TaskFault } from '../../src/simulator/dataforseo/faults.ts';
import { buy, openShop } from '../support/bought.ts';

/** Buys and collects; what the vendor's books say was given back is the last of the three. */
async function collected(input: ScrapeInput, aiOverviewRate: number, fault?: TaskFault) {
  const shop = await openShop({ dataforseo: { knobs: { aiOverviewRate } } });
  if (fault) await shop.control.dataforseo.script({ on: 'task', steps: [{ faults: [fault] }] });
  const bought = await buy(shop.deps, input);
  const result = await check(shop.deps, { ...bought, mayResubmit: false }, 2);
  if (result.kind !== 'ended') throw new Error(`it has not ended: ${result.kind}`);
  const spend = spendOf(await shop.deps.store.journal.readAll(bought.ref.scrapeId));
  const { totals } = await shop.control.dataforseo.ledger();
  return { record: result.record, against: countsAgainstCeiling(spend), back: totals.refundedMicros };
}

describe('the surcharge for an AI overview', () => {
  const input: ScrapeInput = { scraper: 'dataforseo/google-ai-overview', prompt: 'oat milk' };

  it('is expected back where there is none, and counts against the ceiling all the same', async () => {
    const { record, against, back } = await collected(input, 0);
    expect(record).toMatchObject({
      outcome: 'empty',
      charge: { usdMicros: 1_200 },
      refundExpected: { usdMicros: 600 },
    });
    expect(against).toEqual({ usdMicros: 1_200 });
    expect(back).toBe(600);
  });

  it('is expected back where there is no page at all (40102), of which the rest stays paid', async () => {
    const { record, against, back } = await collected(input, 1, 'no-results');
    expect(record).toMatchObject({
      outcome: 'empty',
      charge: { usdMicros: 1_200 },
      refundExpected: { usdMicros: 600 },
    });
    expect(against).toEqual({ usdMicros: 1_200 });
    expect(back).toBe(600);
  });

  it('is not where there is no page and none was paid for', async () => {
    const { record, back } = await collected(
      { scraper: 'dataforseo/google-organic', prompt: 'oat milk' },
      1,
      'no-results',
    );
    expect(record).toMatchObject({ outcome: 'empty', charge: { usdMicros: 600 }, refundExpected: {} });
    expect(back).toBe(0);
  });

  it('is not where the engine failed (40101), which stays billed in full', async () => {
    const { record, back } = await collected(input, 0, 'engine-error');
    expect(record).toMatchObject({ outcome: 'failed', charge: { usdMicros: 1_200 }, refundExpected: {} });
    expect(back).toBe(0);
  });

  it('is not where a form of the page does not show whether there is one', async () => {
    const page: ScrapeInput = {
      scraper: 'dataforseo/google-organic',
      prompt: 'oat milk',
      params: { load_async_ai_overview: true, variants: 'html' },
    };
    const { record } = await collected(page, 0);
    expect(record).toMatchObject({ charge: { usdMicros: 1_200 }, refundExpected: {} });
  });

  it('is not where there is one', async () => {
    const { record, back } = await collected(input, 1);
    expect(record).toMatchObject({ outcome: 'done', refundExpected: {} });
    expect(back).toBe(0);
  });
});

describe('clicks that were paid for', () => {
  const input: ScrapeInput = {
    scraper: 'dataforseo/google-organic',
    prompt: 'oat milk',
    params: { people_also_ask_click_depth: 4 },
  };

  it('are expected back where there was nothing to click on', async () => {
    const { record, back } = await collected(input, 0, 'no-results');
    expect(record).toMatchObject({ charge: { usdMicros: 1_200 }, refundExpected: { usdMicros: 600 } });
    expect(back).toBe(600);
  });

  it('are not where there was', async () => {
    const { record, back } = await collected(input, 0);
    expect(record).toMatchObject({ charge: { usdMicros: 1_200 }, refundExpected: {} });
    expect(back).toBe(0);
  });

  it('may be fewer than asked for: what comes back of them is no difference of prices', () => {
    const request = { scraper: 'dataforseo/google-organic', prompt: 'oat milk', market: 'US/en' } as const;
    const params = { people_also_ask_click_depth: 4, load_async_ai_overview: true };
    expect(mayGiveBack({ ...request, params })).toEqual({ usdMicros: 1_200 });
    expect(mayGiveBack({ ...request, params: {} })).toEqual({});
  });
});

describe('pages that were paid for', () => {
  it('count in full: a result does not show how many of them were billed', async () => {
    const input = { scraper: 'dataforseo/google-news', prompt: 'oat milk', params: { depth: 700 } };
    const { record, against } = await collected(input, 0);
    expect(record).toMatchObject({ charge: { usdMicros: 42_000 }, refundExpected: {} });
    expect(against).toEqual({ usdMicros: 42_000 });
  });
});
