import { describe, expect, it } from 'vitest';
import { wantedScrapers } from '../../src/contracts/collector.ts';
import type { SearchWindow } from '../../src/contracts/collector.ts';
import { Wishes, mergeWindows } from '../../src/workflows/wishes.ts';

const NOW = Date.parse('2026-01-02T03:00:00.000Z');
const iso = (ms: number): string => new Date(NOW + ms).toISOString();
const window = (from: number, to: number, family = 'serp'): SearchWindow => ({
  family,
  from: iso(from),
  to: iso(to),
});

describe('what a collector is wanted for', () => {
  it('lasts as long as the latest signal said of each scraper', () => {
    const wishes = new Wishes();
    wishes.add({ scrapers: ['dataforseo/gemini', 'dataforseo/chatgpt'], until: iso(1_000) }, NOW);
    wishes.add({ scrapers: ['dataforseo/gemini'], until: iso(5_000) }, NOW);
    wishes.add({ scrapers: ['dataforseo/gemini'], until: iso(2_000) }, NOW);
    expect(wantedScrapers(wishes.state, NOW)).toEqual(['dataforseo/gemini', 'dataforseo/chatgpt']);
    expect(wantedScrapers(wishes.state, NOW + 4_999)).toEqual(['dataforseo/gemini']);
    expect(wishes.isListing(NOW + 5_000)).toBe(false);
    expect(wishes.state.signals).toBe(3);
  });

  it('is what can be read of a signal that somebody typed', () => {
    const wishes = new Wishes();
    for (const typed of [undefined, {}, { scrapers: 'all', until: 'soon' }, { sweep: { family: 'serp' } }]) {
      wishes.add(typed as never, NOW);
    }
    wishes.add({ scrapers: ['nobody/nothing' as never], until: iso(1) }, NOW);
    expect(wishes.state).toMatchObject({ until: {}, sweeps: [], signals: 5 });
  });

  it('is carried over into the next run, and forgotten when nobody waits', () => {
    const wishes = new Wishes();
    wishes.add({ scrapers: ['dataforseo/gemini'], until: iso(1_000), sweep: window(0, 60_000) }, NOW);
    const next = new Wishes(wishes.state);
    expect(next.isListing(NOW)).toBe(true);
    next.forgetLists();
    expect(next.isListing(NOW)).toBe(false);
    expect(next.nextSweep()).toEqual({ family: 'serp', windows: [window(0, 60_000)] });
  });

  it('is one sweep for all who look in the same time, and one family after the other', () => {
    const wishes = new Wishes();
    wishes.add({ sweep: window(0, 60_000) }, NOW);
    wishes.add({ sweep: window(0, 60_000, 'ai_optimization') }, NOW);
    wishes.add({ sweep: window(30_000, 90_000) }, NOW);
    const first = wishes.nextSweep();
    expect(first).toEqual({ family: 'serp', windows: [window(0, 90_000)] });
    // What is asked for while it runs is not done by it.
    wishes.add({ sweep: window(200_000, 260_000) }, NOW);
    wishes.swept(first?.windows ?? []);
    wishes.swept([window(0, 60_000, 'ai_optimization')]);
    expect(wishes.nextSweep()?.windows).toEqual([window(200_000, 260_000)]);
  });
});

describe('windows', () => {
  it('become one where they touch, whatever their order, and stay apart where they do not', () => {
    const [a, b, c] = [window(0, 10), window(10, 20), window(30, 40)];
    expect(mergeWindows([c, b, a])).toEqual([window(0, 20), c]);
    expect(mergeWindows([window(0, 40), b])).toEqual([window(0, 40)]);
    expect(mergeWindows([a, window(5, 15, 'ai_optimization')])).toHaveLength(2);
  });
});
