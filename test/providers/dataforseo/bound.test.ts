import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fitsUnder } from '../../../src/contracts/ceiling.ts';
import type { Params, ScrapeRequest } from '../../../src/contracts/scrape.ts';
import { scrapersOf } from '../../../src/contracts/scrapers.ts';
import type { Scraper } from '../../../src/contracts/scrapers.ts';
import type { Account } from '../../../src/providers/account.ts';
import { createHttp } from '../../../src/providers/http.ts';
import type { HttpReply, HttpRequest, PriceList, SubmitAnswer } from '../../../src/providers/provider.ts';
import { providerOf, scraperSpec } from '../../../src/providers/registry.ts';
import { DEFAULT_DATAFORSEO_KNOBS } from '../../../src/simulator/dataforseo/knobs.ts';
import { startSimulator, type Simulator } from '../../../src/simulator/simulator.ts';
import { bothAccounts } from '../../support/accounts.ts';

let simulator: Simulator;
let dear: Simulator;
const http = createHttp();
beforeAll(async () => {
  simulator = await startSimulator();
  const limits = { ...DEFAULT_DATAFORSEO_KNOBS.limits, userData: null };
  dear = await startSimulator({
    dataforseo: { knobs: { pricePercent: { serp: 150, ai_optimization: 215 }, limits } },
  });
});
afterAll(async () => {
  await http.close();
  await simulator.close();
  await dear.close();
});

/** Everything that is known to change a price. */
const priced: fc.Arbitrary<Params> = fc.record(
  {
    priority: fc.constantFrom(1, 2),
    depth: fc.integer({ min: 1, max: 700 }),
    max_crawl_pages: fc.integer({ min: 1, max: 100 }),
    device: fc.constantFrom('desktop', 'mobile'),
    calculate_rectangles: fc.boolean(),
    load_async_ai_overview: fc.boolean(),
    people_also_ask_click_depth: fc.integer({ min: 1, max: 4 }),
  },
  { requiredKeys: [] },
);
const prompt = fc.constantFrom(
  'oat milk',
  'site:milk.example oat',
  'intitle:milk',
  'related:milk.example',
  'a:b',
);

const send = async (request: HttpRequest): Promise<HttpReply> => {
  const outcome = await http.send(request, { fresh: true, timeoutMs: 30_000 });
  if (outcome.kind !== 'reply') throw new Error(outcome.message);
  return outcome.reply;
};

/** Buys a hundred requests at an account; those that cost more than their bound, and how many were bought. */
async function buyAt(
  at: Simulator,
  scraper: Scraper,
  prices: (account: Account) => Promise<PriceList>,
): Promise<{ dearer: SubmitAnswer[]; bought: number }> {
  const provider = providerOf(scraper);
  const account = bothAccounts(at.url).find((one) => one.provider === provider.name);
  if (!account || !provider.pages) throw new Error('it has an account and buys pages');
  const { params: known } = scraperSpec(scraper);
  const requests = fc
    .sample(fc.record({ prompt, params: priced }), { numRuns: 300, seed: 7 })
    .map(({ prompt, params }): ScrapeRequest => {
      const own = Object.entries(params).filter(([name]) => name in known);
      return { scraper, prompt, market: 'US/en', params: Object.fromEntries(own) };
    })
    .filter((request) => provider.validate(request).length === 0)
    .slice(0, provider.pages.maxTasks);
  const tasks = requests.map((request, n) => ({ request, tag: `tag-${n}` }));
  const own = await prices(account);
  const reply = await send(provider.pages.submitRequest(tasks, account));
  const answers = provider.pages.readSubmit(reply, tasks);
  const dearer = answers.filter((answer, n) => {
    const request = requests[n];
    if (!request || answer.kind !== 'accepted' || !answer.charge) return true;
    return !fitsUnder(answer.charge, { credits: 0, ...provider.priceBound(request, own) });
  });
  return { dearer, bought: answers.length };
}

describe.each(scrapersOf('dataforseo'))('%s', (scraper) => {
  it('is never charged more than its bound', async () => {
    const { dearer, bought } = await buyAt(simulator, scraper, async () => ({}));
    expect(dearer).toEqual([]);
    expect(bought).toBeGreaterThan(50);
  });

  it('is never charged more than its bound where the account pays more, by the prices that it tells', async () => {
    const provider = providerOf(scraper);
    const { dearer, bought } = await buyAt(
      dear,
      scraper,
      async (account) => provider.readPrices?.(await send(provider.probeRequest(account))) ?? {},
    );
    expect(dearer).toEqual([]);
    expect(bought).toBeGreaterThan(50);
  });
});
