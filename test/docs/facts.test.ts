import { describe, expect, it } from 'vitest';
import { FINAL_FAILURES, RETRYABLE_FAILURES } from '../../src/contracts/failures.ts';
import { formatCharge } from '../../src/contracts/money.ts';
import { OUTCOMES } from '../../src/contracts/outcomes.ts';
import { PROVIDERS, scrapersOf, type Scraper } from '../../src/contracts/scrapers.ts';
import { familyOf } from '../../src/providers/dataforseo/families.ts';
import { pollPlan } from '../../src/providers/dataforseo/poll-plan.ts';
import { PROVIDERS_BY_NAME, scraperSpec } from '../../src/providers/registry.ts';
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

/** What a queue of so many a second passes in a minute at most. */
const passed = (rate: number): number => 61 * rate + 1;
const kept = (ms: number): string =>
  ms > 86_400_000 ? `${ms / 86_400_000} days` : `${ms / 3_600_000} hours`;
const longest = (scrapers: readonly Scraper[]): string =>
  [...new Set(scrapers.map((scraper) => scraperSpec(scraper).maxPromptChars.toLocaleString('en-US')))].join();

describe("DataForSEO's looks", () => {
  const rows = tableAfter(pageOf('docs/providers/dataforseo.md'), '## When Gleaner looks');

  it.each(scrapersOf('dataforseo'))('of %s come when the table says', (scraper) => {
    const enforced = [1, 2].map((priority) => {
      const request = { scraper, prompt: 'x', market: 'US/en', params: { priority } };
      const { firstMs, gapMs, wideGapMs } = pollPlan(request, 1);
      expect(wideGapMs).toBe(gapMs);
      return [String(priority), `${firstMs / 60_000} min`, `${gapMs / 60_000} min`];
    });
    expect(rows).toEqual(enforced);
  });
});

describe('the default rates in operations.md', () => {
  it('are those of each provider, with what a queue passes in a minute', () => {
    const rows = tableAfter(pageOf('docs/operations.md'), '### Rates');
    const enforced = PROVIDERS.map((name) => {
      const { submitsPerSecond, readsPerSecond } = PROVIDERS_BY_NAME[name].limits;
      const most = [submitsPerSecond, readsPerSecond].map((rate) => passed(rate).toLocaleString('en-US'));
      return [name, String(submitsPerSecond), String(readsPerSecond), most.join(' and ')];
    });
    expect(rows.map((row) => row.map((cell) => cell.replace(/:.*/, '')))).toEqual(enforced);
  });
});

describe('how long providers keep results', () => {
  it.each(['docs/operations.md', 'docs/architecture.md'])('is said in %s as the code has it', (path) => {
    const llm = new Set(scrapersOf('scrapellm').map((scraper) => kept(scraperSpec(scraper).retentionMs)));
    const forms = scrapersOf('dataforseo').flatMap((scraper) => familyOf(scraper).variants);
    const html = new Set(
      forms.filter(({ name }) => name === 'html').map(({ retentionMs }) => kept(retentionMs)),
    );
    const other = new Set(
      forms.filter(({ name }) => name !== 'html').map(({ retentionMs }) => kept(retentionMs)),
    );
    expect([[...llm], [...other], [...html]]).toEqual([['24 hours'], ['30 days'], ['7 days']]);
    const words = pageOf(path).text.replaceAll('\n', ' ');
    expect(/ScrapeLLM.{0,12}24 hours.*DataForSEO.{0,6}30 days.{0,25}\b7\b/.test(words)).toBe(true);
  });
});

describe('how long a prompt may be', () => {
  it('is said in the guide as the code has it', () => {
    const [row = []] = tableAfter(pageOf('docs/guide.md'), '## Ask your own questions');
    const own = scrapersOf('dataforseo');
    const searching = own.filter((scraper) => familyOf(scraper).api === 'serp');
    const asking = own.filter((scraper) => familyOf(scraper).api !== 'serp');
    expect(row[1]).toContain(
      `ScrapeLLM takes ${longest(scrapersOf('scrapellm'))}, DataForSEO's assistants ${longest(asking)} and its search engines ${longest(searching)}`,
    );
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

  it('of further pages are of every scraper that has them, with what they cost', () => {
    const rows = tableAfter(pageOf('docs/providers/dataforseo.md'), '### Further pages');
    const enforced = scrapersOf('dataforseo').flatMap((scraper) => {
      const { pages } = familyOf(scraper).price;
      if (!pages) return [];
      const mobile = pages.mobileSize === undefined ? '' : `, with device=mobile ${pages.mobileSize}`;
      return [[scraper, `${pages.size}${mobile}`, `${pages.furtherPercent} %`]];
    });
    expect(rows).toEqual(enforced);
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
