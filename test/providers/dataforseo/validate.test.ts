import { describe, expect, it } from 'vitest';
import type { PollPlan } from '../../../src/contracts/poll-plan.ts';
import type { Params, ScrapeRequest } from '../../../src/contracts/scrape.ts';
import { parseScraper, scrapersOf, splitScraper } from '../../../src/contracts/scrapers.ts';
import type { EngineOf, Scraper } from '../../../src/contracts/scrapers.ts';
import { provider, request } from './samples.ts';

function problems(changes: Partial<ScrapeRequest>): string[] {
  return provider.validate(request(changes)).map(({ field, message }) => `${field}: ${message}`);
}

function ofParams(params: Params, engine: EngineOf<'dataforseo'> = 'google-organic'): string[] {
  return problems({ params, scraper: `dataforseo/${engine}` });
}

describe('a request', () => {
  it.each(scrapersOf('dataforseo'))('for %s needs nothing but a prompt', (scraper) => {
    expect(problems({ scraper })).toEqual([]);
  });

  it.each<[EngineOf<'dataforseo'>, Params]>([
    [
      'gemini',
      { location_coordinate: '53.476225,-2.243572,200', expand_citations: true, variants: 'advanced, html' },
    ],
    ['chatgpt', { force_web_search: true, expand_citations: true, priority: 2 }],
    [
      'google-organic',
      { device: 'mobile', os: 'ios', depth: 700, max_crawl_pages: 100, variants: 'regular' },
    ],
    [
      'google-organic',
      { calculate_rectangles: true, browser_screen_resolution_ratio: 0.5, se_domain: 'google.de' },
    ],
    [
      'google-organic',
      { stop_crawl_on_match: 'a.example', find_targets_in: '["organic"]', ignore_targets_in: 'paid' },
    ],
    ['google-ai-overview', { variants: 'html,advanced', people_also_ask_click_depth: 4 }],
    ['google-ai-mode', { location_coordinate: '52.6178549,-155.352142,18z' }],
    ['google-images', { os: 'macos', search_param: '&tbs=qdr:d', location_coordinate: '1,2,199.9' }],
    ['google-maps', { location_coordinate: '52.6178549,-155.352142', search_places: false }],
    ['bing-organic', { location_coordinate: '53.476225,-2.243572', url: 'https://www.bing.com/search?q=x' }],
  ])('for %s takes %j', (engine, params) => {
    expect(ofParams(params, engine)).toEqual([]);
  });

  it.each<[EngineOf<'dataforseo'>, Params, string]>([
    [
      'google-organic',
      { dpeth: 20 },
      'params.dpeth: unknown for dataforseo/google-organic. Did you mean "depth"?',
    ],
    ['google-organic', { depth: 701 }, 'params.depth: must be a whole number from 1 to 700'],
    ['google-organic', { depth: 10.5 }, 'params.depth: must be a whole number from 1 to 700'],
    ['google-organic', { depth: '10' }, 'params.depth: must be a whole number from 1 to 700'],
    ['google-organic', { priority: 3 }, 'params.priority: must be a whole number from 1 to 2'],
    [
      'google-organic',
      { device: 'moblie' },
      'params.device: must be one of desktop, mobile; did you mean "mobile"?',
    ],
    ['google-organic', { os: 'ios' }, 'params.os: must be windows or macos on desktop'],
    ['google-organic', { os: 'macos', device: 'mobile' }, 'params.os: must be android or ios on mobile'],
    ['google-images', { device: 'mobile' }, 'params.device: unknown for dataforseo/google-images.'],
    ['google-images', { os: 'ios' }, 'params.os: must be one of windows, macos'],
    ['google-ai-overview', { load_async_ai_overview: false }, 'params.load_async_ai_overview: unknown for'],
    [
      'google-ai-overview',
      { variants: 'html' },
      'params.variants: must include advanced: no other form has the overview',
    ],
    ['google-images', { variants: 'regular' }, 'params.variants: must be a comma list out of advanced, html'],
    ['google-maps', { variants: 'advanced,html' }, 'params.variants: must be a comma list out of advanced'],
    ['gemini', { variants: ',' }, 'params.variants: must be a comma list out of advanced, html'],
    ['gemini', { variants: ' ' }, 'params.variants: must be a comma list out of advanced, html'],
    ['gemini', { force_web_search: true }, 'params.force_web_search: unknown for dataforseo/gemini.'],
    ['chatgpt', { expand_citations: true }, 'params.expand_citations: needs params.force_web_search'],
    [
      'chatgpt',
      { location_coordinate: '1,2,200' },
      'params.location_coordinate: unknown for dataforseo/chatgpt.',
    ],
    [
      'gemini',
      { location_coordinate: '1,2' },
      'params.location_coordinate: must be "latitude,longitude,radius"',
    ],
    [
      'gemini',
      { location_coordinate: '1,2,198' },
      'params.location_coordinate: must be "latitude,longitude,radius"',
    ],
    ['google-images', { location_coordinate: '1,2,199' }, 'params.location_coordinate: must be'],
    ['google-images', { location_coordinate: '91,2,200' }, 'params.location_coordinate: must be'],
    ['gemini', { location_coordinate: '1.12345678,2,200' }, 'params.location_coordinate: must be'],
    [
      'google-maps',
      { location_coordinate: '1,2,22z' },
      'params.location_coordinate: must be "latitude,longitude,zoom"',
    ],
    [
      'bing-organic',
      { location_coordinate: '1,2,200' },
      'params.location_coordinate: must be "latitude,longitude"',
    ],
    [
      'google-organic',
      { location_code: 2276, location_name: 'Germany' },
      'params.location_name: says the same as params.location_code; keep one of them',
    ],
    [
      'google-organic',
      { language_name: 'German', language_code: 'de' },
      'params.language_name: says the same as params.language_code; keep one of them',
    ],
    [
      'google-organic',
      { browser_screen_width: 800 },
      'params.browser_screen_width: needs params.calculate_rectangles',
    ],
    [
      'google-organic',
      { target_search_mode: 'all' },
      'params.target_search_mode: needs params.stop_crawl_on_match',
    ],
    [
      'google-organic',
      { find_targets_in: 'organic' },
      'params.find_targets_in: needs params.stop_crawl_on_match',
    ],
    [
      'google-organic',
      { stop_crawl_on_match: 'a.example', find_targets_in: 'organik' },
      'params.find_targets_in: "organik" is none of organic, paid',
    ],
    [
      'google-organic',
      { stop_crawl_on_match: 'a.example', find_targets_in: 'paid', ignore_targets_in: 'organic,paid' },
      'params.ignore_targets_in: "paid" is in params.find_targets_in too',
    ],
    [
      'google-organic',
      { stop_crawl_on_match: '[{"match_value":"a.example"}]' },
      'params.stop_crawl_on_match: must be a comma list or a JSON list of {match_value, match_type}',
    ],
    [
      'bing-organic',
      { stop_crawl_on_match: 'https://a.example' },
      'params.stop_crawl_on_match: must name domains without',
    ],
    [
      'bing-organic',
      { stop_crawl_on_match: 'a,b,c,d,e,f,g,h,i,j,k' },
      'params.stop_crawl_on_match: has 11 targets',
    ],
    [
      'google-organic',
      { remove_from_url: 'a,b,c,d,e,f,g,h,i,j,k' },
      'params.remove_from_url: has more than 10 parameters',
    ],
    ['google-organic', { keyword: 'x' }, 'params.keyword: is not a parameter; it follows from prompt'],
    ['google-organic', { tag: 'x' }, 'params.tag: is not a parameter; it follows from id'],
    [
      'google-organic',
      { match_value: 'x' },
      'params.match_value: is not a parameter; it follows from params.stop_crawl',
    ],
  ])('for %s with %j is refused before anything is bought', (engine, params, message) => {
    const [first = '', ...others] = ofParams(params, engine);
    expect(first.slice(0, message.length)).toBe(message);
    expect(others).toEqual([]);
  });

  it.each<[Scraper, string, string[]]>([
    ['dataforseo/google-organic', 'x'.repeat(700), []],
    ['dataforseo/google-organic', 'x'.repeat(701), ['prompt: has 701 characters; the most is 700']],
    ['dataforseo/chatgpt', '漢'.repeat(2_000), []],
    ['dataforseo/gemini', '🙂'.repeat(2_001), ['prompt: has 2001 characters; the most is 2000']],
    ['dataforseo/gemini', '  ', ['prompt: is empty']],
    [
      'dataforseo/gemini',
      'cut \ud83d',
      ['prompt: holds half a character (a lone surrogate); was it cut in the middle?'],
    ],
    [
      'dataforseo/google-images',
      'lamp Cache:a.example',
      ['prompt: must not hold "cache:", which this search does not take'],
    ],
    ['dataforseo/google-news', 'apache: how to', []],
    ['dataforseo/google-organic', 'cache:a.example', []],
  ])('for %s has a prompt that the vendor takes: %.20s', (scraper, prompt, expected) => {
    expect(problems({ scraper, prompt })).toEqual(expected);
  });

  it('reports everything at once', () => {
    expect(problems({ prompt: '', market: 'CH', params: { depth: 0, device: 'tv' } })).toHaveLength(4);
  });
});

describe('vendor spellings', () => {
  it.each([
    ['dataforseo/chat_gpt', 'dataforseo/chatgpt'],
    ['dataforseo/google_images', 'dataforseo/google-images'],
    ['DataForSEO/ai_mode', 'dataforseo/google-ai-mode'],
    ['dataforseo/google_organic', 'dataforseo/google-organic'],
    ['dataforseo/bing_organic', 'dataforseo/bing-organic'],
    ['dataforseo/google_ai_overview', 'dataforseo/google-ai-overview'],
    ['dataforseo/google_news', 'dataforseo/google-news'],
    ['dataforseo/google_maps', 'dataforseo/google-maps'],
  ])('%s is %s', (text, scraper) => {
    expect(parseScraper(text)).toEqual({ ok: true, scraper });
  });

  it('of one provider’s engine are not offered for the other', () => {
    expect(parseScraper('scrapellm/google_images')).toMatchObject({ ok: false });
    expect(parseScraper('dataforseo/perplexity')).toMatchObject({ ok: false });
  });
});

function plan(params: Params, speed = 1): PollPlan {
  return provider.pollPlan(request({ params }), speed);
}

function days(params: Params): number {
  return plan(params).retentionMs / 86_400_000;
}

describe('when to look', () => {
  it('follows the priority, and the simulator’s speed but for retention', () => {
    const normal = plan({});
    const high = plan({ priority: 2 });
    // Lists and callbacks are quicker: a look is for what they missed.
    expect([high.firstMs, normal.firstMs]).toEqual([5 * 60_000, 45 * 60_000]);
    expect(high.wideAfterMs).toBe(5 * 60_000);
    expect(normal.wideAfterMs).toBe(45 * 60_000);
    expect(plan({}, 60)).toEqual({
      hinted: true,
      firstMs: normal.firstMs / 60,
      gapMs: 5_000,
      wideAfterMs: 45_000,
      wideGapMs: 5_000,
      retentionMs: normal.retentionMs,
    });
  });

  it('lasts as long as the result can be had: 30 days, the HTML form alone 7', () => {
    expect([days({}), days({ variants: 'html' }), days({ variants: 'html,regular' })]).toEqual([30, 7, 30]);
    const forms = provider.variants?.(request({ params: { variants: 'html,advanced,html' } }));
    expect(forms).toEqual([
      { name: 'advanced', retentionMs: 30 * 86_400_000 },
      { name: 'html', retentionMs: 7 * 86_400_000 },
    ]);
  });
});

describe('the account’s limits', () => {
  it('leave 2,000 calls a minute room for lists and searches, however the minute is cut', () => {
    const { submitsPerSecond, readsPerSecond } = provider.limits;
    const queues = [submitsPerSecond, readsPerSecond].map((rate) => 61 * rate + 1);
    const lists = 2 * (provider.readyLists?.callsPerMinute ?? 0) + 2 * (provider.search?.callsPerMinute ?? 0);
    expect(queues.reduce((sum, calls) => sum + calls, lists)).toBeLessThan(2_000);
  });

  it('has a row for every engine under its own name', () => {
    for (const scraper of scrapersOf('dataforseo')) {
      expect(splitScraper(scraper).provider).toBe('dataforseo');
      expect(provider.scrapers[scraper]?.params).toHaveProperty('variants');
    }
  });
});
