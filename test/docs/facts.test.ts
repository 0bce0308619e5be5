import { describe, expect, it } from 'vitest';
import { FINAL_FAILURES, RETRYABLE_FAILURES } from '../../src/contracts/failures.ts';
import { formatCharge } from '../../src/contracts/money.ts';
import { OUTCOMES } from '../../src/contracts/outcomes.ts';
import { scrapersOf } from '../../src/contracts/scrapers.ts';
import { familyOf } from '../../src/providers/dataforseo/families.ts';
import { scraperSpec } from '../../src/providers/registry.ts';
import { POLL_FAULTS, SUBMIT_FAULTS } from '../../src/simulator/faults.ts';
import { failureSchema, scrapeRecordSchema } from '../../src/store/scrape-schemas.ts';
import { LAYERS } from '../architecture/layers.ts';
import { pageOf, read, tableAfter } from './pages.ts';

describe('the table of failures', () => {
  const rows = tableAfter(pageOf('docs/operations.md'), '## Failures');

  it('has every type that a record can have, and no other', () => {
    expect(rows.map(([type = '']) => type).sort()).toEqual([...failureSchema.shape.type.options].sort());
  });

  it('says of each whether it is final', () => {
    const said = Object.fromEntries(rows.map(([type = '', final = '']) => [type, final]));
    for (const type of FINAL_FAILURES) expect(said).toHaveProperty(type, 'yes');
    for (const type of RETRYABLE_FAILURES) expect(said).toHaveProperty(type, 'no');
  });
});

describe('the record in the guide', () => {
  const [, json = ''] = /<!-- record -->\n```json\n(.*?)```/s.exec(pageOf('docs/guide.md').text) ?? [];

  it('is one', () => {
    expect(scrapeRecordSchema.safeParse(JSON.parse(json))).toMatchObject({ success: true });
  });

  it('has no field that a record does not have', () => {
    const unknown = Object.keys(JSON.parse(json) as object).filter(
      (key) => !(key in scrapeRecordSchema.shape),
    );
    expect(unknown).toEqual([]);
  });
});

describe('the layout in architecture.md', () => {
  it('is the one that is enforced', () => {
    const rows = tableAfter(pageOf('docs/architecture.md'), '## Who may import what');
    const said = rows.map(([folder = '', from = '']) => [
      folder,
      from === 'nothing' ? [] : from.split(', ').sort(),
    ]);
    const enforced = Object.entries(LAYERS).map(([folder, { from, typesFrom = [] }]) => [
      folder,
      [...from, ...typesFrom.map((other) => `types of ${other}`)].sort(),
    ]);
    expect(Object.fromEntries(said)).toEqual(Object.fromEntries(enforced));
  });
});

describe('lists of names', () => {
  it('of outcomes in the README are all outcomes', () => {
    const [, names = ''] = /One outcome each\*\*: `([a-z ]+)`/.exec(read('README.md')) ?? [];
    expect(names.split(' ')).toEqual([...OUTCOMES]);
  });

  it("of scrapers on the provider's page are all scrapers, with their refused countries and parameters", () => {
    const rows = tableAfter(pageOf('docs/providers/scrapellm.md'), '## Scrapers');
    const scrapers = scrapersOf('scrapellm');
    expect(rows.map(([scraper]) => scraper)).toEqual(scrapers);
    scrapers.forEach((scraper, index) => {
      const { refusedCountries, params } = scraperSpec(scraper);
      const own = Object.keys(params).filter((name) => name !== 'timeout' && name !== 'bypass_cache');
      expect(rows[index]?.[1]).toBe(refusedCountries.join(', '));
      expect(rows[index]?.[2]?.match(/^[a-z_]*/)?.[0]).toBe(own.join(', '));
    });
  });

  it("of scrapers on DataForSEO's page are all scrapers, with address, price, prompt and forms", () => {
    const rows = tableAfter(pageOf('docs/providers/dataforseo.md'), '## Scrapers');
    const enforced = scrapersOf('dataforseo').map((scraper) => {
      const { path, maxPromptChars, variants } = familyOf(scraper);
      const price = formatCharge(scraperSpec(scraper).price);
      const forms = variants.map(({ name }) => name).join(', ');
      return [scraper, path, price, maxPromptChars.toLocaleString('en-US'), forms];
    });
    expect(rows.map((row) => row.slice(0, 5))).toEqual(enforced);
  });

  it('of faults on the page of the simulator are all faults', () => {
    const { text } = pageOf('docs/simulator.md');
    const missing = [...SUBMIT_FAULTS, ...POLL_FAULTS].filter((fault) => !text.includes(`\`${fault}\``));
    expect(missing).toEqual([]);
  });

  it('of packages have a sentence for each dependency, and for nothing else', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, object>;
    const bullets = pageOf('docs/decisions/0001-dependencies.md').text.split(/\n(?=- |\n)/);
    const said = bullets
      .filter((bullet) => bullet.startsWith('- '))
      .flatMap((bullet) =>
        [...(bullet.split(':')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
      );
    expect(said.sort()).toEqual(Object.keys({ ...dependencies, ...devDependencies }).sort());
  });
});
