import { describe, expect, it } from 'vitest';
import type { Charge } from '../../../src/contracts/money.ts';
import type { Params } from '../../../src/contracts/scrape.ts';
import type { Scraper } from '../../../src/contracts/scrapers.ts';
import { priceBound, readPrices } from '../../../src/providers/dataforseo/price.ts';
import { fixture, reply, request } from './samples.ts';

type Engine<S extends string> = S extends `dataforseo/${infer E}` ? E : never;

function bound(engine: Engine<Scraper>, params: Params = {}, prompt = 'desk lamp'): number | undefined {
  return priceBound(request({ scraper: `dataforseo/${engine}`, params, prompt })).usdMicros;
}

describe('the most that a task can cost', () => {
  it.each([
    ['gemini', 1_200],
    ['chatgpt', 1_200],
    ['google-organic', 600],
    ['google-ai-overview', 1_200],
    ['google-ai-mode', 1_200],
    ['google-images', 600],
    ['google-news', 600],
    ['google-maps', 600],
    ['bing-organic', 600],
  ] as const)('is for %s by itself %d', (engine, micros) => {
    expect(bound(engine)).toBe(micros);
  });

  it.each<[Engine<Scraper>, Params, number]>([
    // Twice the price for high priority; what is added for a feature stays.
    ['gemini', { priority: 2 }, 2_400],
    ['google-organic', { priority: 2 }, 1_200],
    ['google-ai-overview', { priority: 2 }, 1_800],
    ['google-organic', { priority: 1 }, 600],
    // Each further page of ten costs three quarters.
    ['google-organic', { depth: 10 }, 600],
    ['google-organic', { depth: 11 }, 1_050],
    ['google-organic', { depth: 100 }, 4_650],
    ['google-organic', { depth: 100, priority: 2 }, 9_300],
    ['google-organic', { max_crawl_pages: 10 }, 4_650],
    ['google-news', { depth: 100 }, 6_000],
    ['bing-organic', { depth: 700 }, 600 + 69 * 450],
    // A short page may need another one, up to the limit.
    ['google-organic', { depth: 15, max_crawl_pages: 5 }, 600 + 4 * 450],
    ['google-organic', { depth: 100, max_crawl_pages: 1 }, 600],
    // Pages of a hundred, at the full price each; maps on a phone has pages of twenty.
    ['google-images', { depth: 100 }, 600],
    ['google-images', { depth: 101 }, 1_200],
    ['google-images', { depth: 700 }, 4_200],
    ['google-images', { depth: 200, max_crawl_pages: 5 }, 3_000],
    ['google-images', { depth: 700, max_crawl_pages: 1 }, 4_200],
    ['google-maps', { device: 'mobile' }, 3_000],
    ['google-maps', { device: 'mobile', depth: 20 }, 600],
    // Pixels: one more page, or everything twice.
    ['google-organic', { calculate_rectangles: true }, 1_200],
    ['google-organic', { calculate_rectangles: true, priority: 2 }, 2_400],
    ['bing-organic', { calculate_rectangles: true, depth: 20 }, 1_650],
    ['google-news', { calculate_rectangles: true, depth: 20 }, 2_400],
    ['google-ai-mode', { calculate_rectangles: true, priority: 2 }, 4_800],
    ['google-organic', { calculate_rectangles: false }, 600],
    // The overview, and clicks at any priority.
    ['google-organic', { load_async_ai_overview: true }, 1_200],
    ['google-organic', { load_async_ai_overview: false }, 600],
    ['google-organic', { people_also_ask_click_depth: 4 }, 1_200],
    ['google-ai-overview', { people_also_ask_click_depth: 1, depth: 20 }, 600 + 450 + 600 + 150],
    // Free choices.
    ['google-organic', { device: 'mobile', os: 'ios', variants: 'advanced,html' }, 600],
  ])('is for %s with %j %d', (engine, params, micros) => {
    expect(bound(engine, params)).toBe(micros);
  });

  it.each<[Engine<Scraper>, string, number]>([
    ['google-organic', 'site:lamps.example', 3_000],
    ['google-organic', 'lamps SITE:lamps.example', 3_000],
    ['google-organic', 'cache:lamps.example', 3_000],
    ['google-organic', 'related:lamps.example', 600],
    ['google-images', 'related:lamps.example', 3_000],
    ['google-news', 'intitle:lamp', 3_000],
    ['google-maps', 'site:lamps.example', 3_000],
    ['bing-organic', 'site:lamps.example', 600],
    ['google-ai-mode', 'site:lamps.example', 1_200],
    ['chatgpt', 'what does site:x mean', 1_200],
    // Whether the vendor reads this as "id:", nobody knows; it may cost that much.
    ['google-organic', 'paid: yes or no', 3_000],
    ['google-organic', 'site of lamps: which', 600],
  ])('counts search operators: %s, "%s" is %d', (engine, prompt, micros) => {
    expect(bound(engine, {}, prompt)).toBe(micros);
  });

  it('counts operators in the address of a search too', () => {
    const url = 'https://www.google.com/search?q=site%3Alamps.example';
    expect(bound('google-organic', { url })).toBe(3_000);
  });

  it('multiplies every surcharge where several come together', () => {
    const params = { depth: 20, priority: 2, calculate_rectangles: true, people_also_ask_click_depth: 2 };
    const once = 1_200 + 900 + 1_200 + 600 + 300;
    expect(bound('google-ai-overview', params, 'site:a.example lamp')).toBe(once * 5);
  });
});

const prices = readPrices(reply(fixture('user-data')));

function own(scraper: Scraper, params: Params = {}): Charge {
  return priceBound(request({ scraper, params }), prices);
}

describe('the account’s own prices', () => {
  it('are read by API and priority, the dearest row of each', () => {
    expect(prices).toEqual({
      'serp/normal': 700,
      'serp/high': 1_500,
      'ai_optimization/normal': 1_200,
      'ai_optimization/high': 2_400,
    });
  });

  it('raise the bound of every family of the API in proportion', () => {
    expect(own('dataforseo/google-organic')).toEqual({ usdMicros: 700 });
    expect(own('dataforseo/google-organic', { depth: 20, priority: 2 })).toEqual({
      usdMicros: 1_500 + 1_125,
    });
    expect(own('dataforseo/google-ai-mode')).toEqual({ usdMicros: 1_400 });
    expect(own('dataforseo/gemini')).toEqual({ usdMicros: 1_200 });
  });

  it('never lower it: one row stands for many families', () => {
    expect(priceBound(request(), { 'serp/normal': 100 })).toEqual({ usdMicros: 600 });
  });

  it.each([['<html>'], [{}], [{ status_code: 20000, tasks: [{ result: [{ price: { serp: null } }] }] }]])(
    'are not there in %j',
    (body) => {
      expect(readPrices(reply(body))).toBeUndefined();
    },
  );
});
