import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scrapersOf } from '../../../src/contracts/scrapers.ts';
import type { Scraper } from '../../../src/contracts/scrapers.ts';
import { createScrapeLlm } from '../../../src/providers/scrapellm/adapter.ts';
import { bytes, doneJob, doneWith, failedJob, JOB_ID, pendingJob, reply, request } from './samples.ts';

const provider = createScrapeLlm();
const normalize = (result: unknown, scraper: Scraper = 'scrapellm/chatgpt') =>
  provider.normalize(bytes(doneWith(result)), request({ scraper }));

const citationsOf = (result: object) =>
  normalize({ result: 'text', ...result }, 'scrapellm/copilot').citations;
const productsOf = (products: unknown) => normalize({ products }, 'scrapellm/amazon-rufus').products;
const url = (n: number) => `https://site${n}.test/`;

describe('normalize', () => {
  it("makes an answer of the vendor's done example", () => {
    expect(provider.normalize(bytes(doneJob), request())).toEqual({
      ...request(),
      text: 'Marketers commonly recommend Mailchimp, HubSpot, and Klaviyo...',
      citations: [{ url: 'https://www.mailchimp.com/', domain: 'mailchimp.com', title: 'Mailchimp' }],
      fanOutQueries: ['best email automation brands'],
      followUps: null,
      products: null,
      ranks: null,
      model: null,
      cached: false,
      charge: { credits: 3 },
    });
  });

  it('prefers markdown to plain text, unless it is blank', () => {
    expect(normalize({ result: 'plain', result_markdown: '# rich' }).text).toBe('# rich');
    expect(normalize({ result: 'plain', result_markdown: ' ' }).text).toBe('plain');
  });

  it.each<[Scraper, string[]]>([
    ['scrapellm/chatgpt', ['citations', 'fanOutQueries']],
    ['scrapellm/perplexity', ['citations', 'followUps']],
    ['scrapellm/grok', ['citations']],
    ['scrapellm/copilot', ['citations']],
    ['scrapellm/gemini', ['citations']],
    ['scrapellm/google-ai-mode', ['citations']],
    ['scrapellm/amazon-rufus', ['followUps', 'products']],
  ])('tells what %s does not offer from what it had nothing to say to', (scraper, offers) => {
    const { citations, fanOutQueries, followUps, products } = normalize({ result: 'text' }, scraper);
    const fields = Object.entries({ citations, fanOutQueries, followUps, products });
    expect(fields.filter(([, value]) => value !== null)).toEqual(offers.map((name) => [name, []]));
  });

  it('keeps what a scraper offers against its table', () => {
    expect(
      normalize({ result: 'text', related_questions: ['and then?'] }, 'scrapellm/grok').followUps,
    ).toEqual(['and then?']);
  });

  it('reads everything else that a result says', () => {
    const answer = normalize({ result: 'text', llm_model: 'gpt-5', cached: true, credits_used: '4' });
    expect(answer).toMatchObject({ model: 'gpt-5', cached: true, charge: { credits: 4 } });
    expect(normalize({ result: 'text', cached: 'yes', llm_model: 5 })).toMatchObject({
      model: null,
      cached: null,
    });
  });

  it('throws when there is neither text nor a product', () => {
    for (const result of [undefined, null, {}, { result: '  ' }, { products: [{}, 7, { rating: 5 }] }]) {
      expect(() => normalize(result, 'scrapellm/amazon-rufus')).toThrow('neither text nor products');
    }
    expect(() => provider.normalize(bytes('<html>'), request())).toThrow('not a ScrapeLLM job');
    expect(() => provider.normalize(bytes(pendingJob), request())).toThrow('neither');
    expect(() => provider.normalize(bytes(failedJob), request())).toThrow('neither');
  });

  it('makes an answer of whatever is neither odd nor empty', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...scrapersOf('scrapellm')),
        fc.dictionary(fc.constantFrom(...FIELDS), fc.jsonValue()),
        (scraper, extra) => {
          const result = { ...extra, result: 'text', result_markdown: undefined };
          expect(normalize(result, scraper).text).toBe('text');
        },
      ),
    );
  });

  it('finds no answer exactly where the check said that the job is empty', () => {
    const text = fc.constantFrom(undefined, null, '', ' ', 'text');
    const products = fc.constantFrom(undefined, null, [], [{ asin: 'B01' }]);
    fc.assert(
      fc.property(fc.record({ result: text, result_markdown: text, products }), (result) => {
        const check = provider.readCheck(reply(200, doneWith(result)), {
          taskId: JOB_ID,
          scraper: 'scrapellm/chatgpt',
        });
        expect(throws(() => normalize(result, 'scrapellm/amazon-rufus'))).toBe(
          check.kind === 'ready' && check.empty,
        );
      }),
    );
  });
});

function throws(run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch {
    return true;
  }
}

const FIELDS = [
  'citations',
  'sources',
  'links',
  'web_sources',
  'x_results',
  'search_results',
  'search_queries',
  'related_questions',
  'products',
  'llm_model',
  'cached',
  'credits_used',
  '__proto__',
];

describe('citations', () => {
  it('come from every list that a scraper may use, in a fixed order, each address once', () => {
    const citations = citationsOf({
      search_results: [{ url: url(6) }, { url: url(1) }],
      x_results: [{ url: url(5) }],
      web_sources: [{ url: url(4) }],
      links: [url(3), { url: url(2), text: 'again' }],
      sources: [{ url: url(2), title: 'first' }],
      citations: [{ url: url(1) }, { url: url(1), title: 'twice' }],
    });
    expect(citations?.map((citation) => citation.url)).toEqual([1, 2, 3, 4, 5, 6].map(url));
    expect(citations?.[1]).toEqual({ url: url(2), domain: 'site2.test', title: 'first' });
  });

  it('take the snippet from where the scraper puts it', () => {
    expect(
      citationsOf({
        citations: [
          { url: 'https://a.test/', snippet: 's', preview: 'p', highlights: ['h'] },
          { url: 'https://b.test/', preview: 'p', highlights: ['h'] },
          { url: 'https://c.test/', highlights: ['h1', 7, 'h2'], website_name: 'C', favicon: null },
          { url: 'https://d.test/', highlights: [] },
        ],
      }),
    ).toEqual([
      { url: 'https://a.test/', domain: 'a.test', snippet: 's' },
      { url: 'https://b.test/', domain: 'b.test', snippet: 'p' },
      { url: 'https://c.test/', domain: 'c.test', snippet: 'h1 … h2', siteName: 'C' },
      { url: 'https://d.test/', domain: 'd.test' },
    ]);
  });

  it.each([
    ['https://WWW.Example.COM/x?y#z', 'example.com'],
    ['http://example.com:8080/', 'example.com'],
    ['javascript:alert(1)', ''],
    ['data:text/html,<script>', ''],
    ['file:///etc/passwd', ''],
    ['/relative', ''],
    ['https://', ''],
    ['not an address', ''],
  ])('keep %j as text with the domain "%s"', (url, domain) => {
    expect(citationsOf({ links: [url] })).toEqual([{ url, domain }]);
  });

  it('leave out what has no address, and lists that are none', () => {
    expect(
      citationsOf({ links: ['', ' ', 7, null, {}, { url: 5 }, { text: 'x' }], citations: 'https://a.test/' }),
    ).toEqual([]);
  });
});

describe('products', () => {
  it('have numbers, however they are written', () => {
    expect(
      productsOf([
        {
          asin: 'B01',
          title: 'Shoe',
          url: 'https://www.amazon.com/dp/B01',
          rating: '4.5 out of 5',
          reviews: '1,234',
        },
        { asin: 'B02', rating: 4, reviews: 12 },
        { title: 'Schuh', rating: '4,5 von 5 Sternen', reviews: '(1.234 Bewertungen)' },
        { asin: 'B04', rating: 'none', reviews: '', price: '$9' },
      ]),
    ).toEqual([
      { id: 'B01', title: 'Shoe', url: 'https://www.amazon.com/dp/B01', rating: 4.5, reviews: 1234 },
      { id: 'B02', rating: 4, reviews: 12 },
      { title: 'Schuh', rating: 4.5, reviews: 1234 },
      { id: 'B04' },
    ]);
  });

  it('are an answer without any text', () => {
    expect(normalize({ products: [{ asin: 'B01' }] }, 'scrapellm/amazon-rufus').text).toBe('');
  });
});
