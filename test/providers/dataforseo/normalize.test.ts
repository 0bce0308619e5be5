import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../src/contracts/answer.ts';
import { isResultPage, SCRAPERS, scrapersOf, splitScraper } from '../../../src/contracts/scrapers.ts';
import type { Scraper } from '../../../src/contracts/scrapers.ts';
import { FAMILIES, familyOf } from '../../../src/providers/dataforseo/families.ts';
import { answerSchema } from '../../../src/store/answer-schema.ts';
import { bytes, check, collected, fixture, provider, request } from './samples.ts';

function answerOf(payload: unknown, scraper: Scraper): Answer {
  return provider.normalize(bytes(collected([payload])), request({ scraper }));
}

function searchesOf(fan_out_queries: unknown): string[] | null {
  return answerOf({ markdown: 'x', fan_out_queries }, 'dataforseo/chatgpt').fanOutQueries;
}

/** What the reading says: that it is an answer that can be stored, or why not. */
function outcomeOf(payload: unknown, scraper: Scraper): string {
  try {
    answerSchema.parse(answerOf(payload, scraper));
    return 'an answer';
  } catch (error) {
    return String(error);
  }
}

const LAMP = {
  rank: 1,
  type: 'organic',
  url: 'https://www.lamps.example/desk',
  domain: 'lamps.example',
  title: 'Desk lamps',
  description: 'How to choose one',
};
const PAGE = { text: '', products: null, fanOutQueries: null, model: null, cached: null, charge: {} };

describe('the sample of every family', () => {
  it.each(scrapersOf('dataforseo'))('%s has one, and it becomes an answer that can be stored', (scraper) => {
    const { engine } = splitScraper(scraper);
    expect(FAMILIES).toHaveProperty([engine]);
    const answer = answerOf(fixture(engine), scraper);
    expect(answerSchema.parse(JSON.parse(JSON.stringify(answer)))).toEqual(answer);
  });
});

describe('the scrapers that are called result pages', () => {
  it('are those whose answer is a list of results alone', () => {
    const pages = scrapersOf('dataforseo').filter((scraper) => familyOf(scraper).reads === 'page');
    expect(SCRAPERS.filter(isResultPage)).toEqual(pages);
  });
});

describe('an assistant’s answer', () => {
  it('of Gemini has its text, what it cites once each, and its model', () => {
    expect(answerOf(fixture('gemini'), 'dataforseo/gemini')).toEqual({
      ...request({ scraper: 'dataforseo/gemini' }),
      ...PAGE,
      text: 'Two lamps stand out.\n\n| Lamp | Light |\n|---|---|\n| Ray A | warm |',
      citations: [
        {
          url: 'https://www.lamps.example/wide',
          domain: 'lamps.example',
          title: 'Lamps tested',
          snippet: 'We lit 40 desks.',
          siteName: 'Lamps Example',
        },
        expect.objectContaining({ url: 'https://other.example/' }),
      ],
      followUps: null,
      ranks: null,
      model: 'Fast',
    });
  });

  it('of ChatGPT has its searches and products, and cites what it cites only', () => {
    const answer = answerOf(fixture('chatgpt'), 'dataforseo/chatgpt');
    expect(answer).toMatchObject({
      text: 'Take the Ray A.',
      fanOutQueries: ['desk lamp lumen', 'desk lamp price'],
      products: [{ id: 'p-1', title: 'Ray A', url: 'https://ray.example/a', rating: 4.6, reviews: 310 }],
      model: 'gpt-5-2',
      ranks: null,
    });
    expect(answer.citations?.map(({ url }) => url)).toEqual([
      'https://lamps.example/ray',
      'https://more.example/list',
    ]);
  });

  it('keeps the vendor’s difference between no searches and none known', () => {
    expect([searchesOf(null), searchesOf([]), searchesOf(['a', null, ' '])]).toEqual([null, [], ['a']]);
  });

  it('is put together from its parts where the whole is missing', () => {
    const items = [
      { type: 'gemini_text', markdown: 'One.' },
      null,
      { type: 'gemini_new', original_text: 'Two.' },
    ];
    expect(answerOf({ markdown: null, items }, 'dataforseo/gemini').text).toBe('One.\n\nTwo.');
  });

  it('of AI Mode has the overview’s text, its references and its products', () => {
    expect(answerOf(fixture('google-ai-mode'), 'dataforseo/google-ai-mode')).toMatchObject({
      text: 'The Ray A is liked.',
      citations: [
        {
          url: 'https://ray.example/about',
          domain: 'ray.example',
          title: 'About Ray',
          snippet: 'Lamps since 1999',
          siteName: 'Ray',
        },
      ],
      products: [{ title: 'Ray A', url: 'https://ray.example/a', rating: 4.4, reviews: 20 }],
      ranks: null,
    });
  });

  it('of an AI overview has text and citations, and the page’s ranks beside them', () => {
    const answer = answerOf(fixture('google-ai-overview'), 'dataforseo/google-ai-overview');
    expect(answer.text).toBe('Choose **warm** light.');
    expect(answer.citations?.map(({ url }) => url)).toEqual([
      'https://www.lamps.example/light',
      'https://bulbs.example/warm',
    ]);
    expect(answer.ranks?.map(({ rank, type }) => [rank, type])).toEqual([
      [1, 'ai_overview'],
      [2, 'organic'],
      [3, 'people_also_ask'],
    ]);
    expect(answer.followUps).toEqual(['Is LED good for the eyes?']);
  });

  it('of a page without an overview is empty, with the ranks that came', () => {
    const payload = fixture('google-organic');
    const scraper = 'dataforseo/google-ai-overview';
    expect(check(collected([payload]), { scraper })).toMatchObject({ kind: 'ready', empty: true });
    expect(answerOf(payload, scraper)).toMatchObject({
      text: '',
      citations: [],
      ranks: [{ rank: 1 }, {}, {}, {}],
    });
  });
});

describe('a page of results', () => {
  it('of Google has its ranks in order, null entries left out and unknown types as they came', () => {
    expect(answerOf(fixture('google-organic'), 'dataforseo/google-organic')).toEqual({
      ...request(),
      ...PAGE,
      citations: null,
      followUps: ['Is LED good for the eyes?'],
      ranks: [
        LAMP,
        { rank: 2, type: 'people_also_ask' },
        {
          rank: 3,
          type: 'shiny_new_block',
          title: 'Never seen',
          raw: expect.objectContaining({ widget: { colour: 'blue' } }),
        },
        { rank: 4, type: 'related_searches' },
      ],
    });
  });

  it('in the regular form has its ranks too', () => {
    expect(answerOf(fixture('regular'), 'dataforseo/google-organic').ranks).toEqual([{ ...LAMP, rank: 2 }]);
  });

  it('with an overview from the cache has its text as well', () => {
    const answer = answerOf(fixture('google-ai-overview'), 'dataforseo/google-organic');
    expect(answer).toMatchObject({ text: 'Choose **warm** light.', citations: [{}, {}] });
  });

  it('of images has page, picture and place', () => {
    const ranks = answerOf(fixture('google-images'), 'dataforseo/google-images').ranks;
    expect(ranks).toEqual([
      { rank: 1, type: 'carousel' },
      {
        rank: 2,
        type: 'images_search',
        url: 'https://ray.example/brass',
        domain: 'ray.example',
        title: 'Ray A in brass',
        description: 'ray.example',
        imageUrl: 'https://img.example/brass.jpg',
      },
      { rank: 3, type: 'related_searches' },
    ]);
  });

  it('of news has the stories inside a block at its place', () => {
    const ranks = answerOf(fixture('google-news'), 'dataforseo/google-news').ranks ?? [];
    expect(ranks.map(({ rank, type, url }) => [rank, type, url])).toEqual([
      [1, 'top_stories', undefined],
      [1, 'top_stories_element', 'https://daily.example/bright'],
      [2, 'news_search', 'https://www.news.example/lamp'],
    ]);
    expect(ranks[2]).toMatchObject({ domain: 'news.example', description: 'It glows.' });
  });

  it('of maps has places, paid ones marked', () => {
    expect(answerOf(fixture('google-maps'), 'dataforseo/google-maps').ranks).toEqual([
      {
        rank: 1,
        type: 'maps_paid_item',
        url: 'https://paid.example/',
        domain: 'paid.example',
        title: 'Paid Lamps',
      },
      {
        rank: 2,
        type: 'maps_search',
        url: 'https://shop.example/',
        domain: 'shop.example',
        title: 'Lamp Shop',
        description: '1 Main St, Springfield',
      },
    ]);
  });

  it('of Bing is read like Google’s', () => {
    expect(answerOf(fixture('bing-organic'), 'dataforseo/bing-organic').ranks).toEqual([
      LAMP,
      { rank: 2, type: 'related_searches' },
    ]);
  });
});

describe('what is no answer', () => {
  it.each([
    ['html-llm', 'dataforseo/gemini'],
    ['html-serp', 'dataforseo/google-ai-mode'],
  ] as const)('the form %s of %s is kept raw', (name, scraper) => {
    const body = collected([fixture(name)]);
    expect(() => provider.normalize(bytes(body), request({ scraper }))).toThrow('neither');
    expect(check(body, { scraper, variant: 'html' })).toEqual({
      kind: 'ready',
      empty: false,
      readyAt: '2026-11-20T09:27:31.000Z',
    });
  });

  it.each(['<html>', '{}', collected(null), fixture('pending')])('%j is refused', (body) => {
    expect(() => provider.normalize(bytes(body), request())).toThrow('not a finished DataForSEO task');
  });

  it('never breaks the reading: any JSON is an answer or an error that says so', () => {
    fc.assert(
      fc.property(fc.constantFrom(...scrapersOf('dataforseo')), fc.jsonValue(), (scraper, payload) => {
        expect(outcomeOf(payload, scraper)).toMatch(/^an answer$|not a finished|neither text/);
        expect(check(collected([payload]), { scraper }).kind).toBe('ready');
      }),
    );
  });
});
