import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readManifest } from '../../src/client/manifest.ts';
import { planBatch } from '../../src/client/plan-batch.ts';
import { scrapersOf, type Scraper } from '../../src/contracts/scrapers.ts';
import { providerOf, scraperSpec } from '../../src/providers/registry.ts';

const params = (scraper: Scraper): ReturnType<typeof scraperSpec>['params'] => scraperSpec(scraper).params;

describe.each(['prompts.csv', 'prompts.ndjson'])('examples/%s', (fileName) => {
  const bytes = readFileSync(new URL(`../../examples/${fileName}`, import.meta.url));
  const read = readManifest(bytes, fileName, { scrapers: scrapersOf('scrapellm'), params });

  test('is a manifest without a problem', () => {
    expect(read).toMatchObject({ ok: true });
  });

  test('can be bought from every scraper', () => {
    const planned = planBatch(
      { name: 'examples', scrapers: scrapersOf('scrapellm') },
      read.ok ? read.items : [],
      {
        validate: (request) => providerOf(request.scraper).validate(request),
        priceBound: (request) => providerOf(request.scraper).priceBound(request),
        params,
        simulated: true,
        now: new Date(),
      },
    );
    expect(planned).toMatchObject({ ok: true });
  });
});

test('most of the example prompts do not name the brand, as buyers do not', () => {
  const bytes = readFileSync(new URL('../../examples/prompts.csv', import.meta.url));
  const read = readManifest(bytes, 'prompts.csv', { scrapers: scrapersOf('scrapellm'), params });
  const items = read.ok ? read.items : [];
  expect(items).toHaveLength(20);
  expect(items.filter(({ prompt }) => prompt.includes('Lumora')).length).toBeLessThan(7);
});
