import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fitsUnder } from '../../../src/contracts/ceiling.ts';
import type { Params, ScrapeRequest } from '../../../src/contracts/scrape.ts';
import { scrapersOf } from '../../../src/contracts/scrapers.ts';
import { createHttp } from '../../../src/providers/http.ts';
import { providerOf, scraperSpec } from '../../../src/providers/registry.ts';
import { startSimulator, type Simulator } from '../../../src/simulator/simulator.ts';
import { bothAccounts } from '../../support/accounts.ts';

let simulator: Simulator;
const http = createHttp();
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => {
  await http.close();
  await simulator.close();
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

describe.each(scrapersOf('dataforseo'))('%s', (scraper) => {
  const provider = providerOf(scraper);

  it('is never charged more than its bound', async () => {
    const account = bothAccounts(simulator.url).find((one) => one.provider === provider.name);
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
    const outcome = await http.send(provider.pages.submitRequest(tasks, account), {
      fresh: true,
      timeoutMs: 30_000,
    });
    if (outcome.kind !== 'reply') throw new Error(outcome.message);
    const answers = provider.pages.readSubmit(outcome.reply, tasks);
    const dearer = answers.filter((answer, n) => {
      const request = requests[n];
      if (!request || answer.kind !== 'accepted') return true;
      return !fitsUnder(answer.charge, { credits: 0, ...provider.priceBound(request) });
    });
    expect(dearer).toEqual([]);
    expect(answers.length).toBeGreaterThan(50);
  });
});
