import { describe, expect, it } from 'vitest';
import { countHits, risksOf } from './campaign/hits.ts';
import { AT_MS, BOUGHT } from './good-case.ts';

describe('a fault', () => {
  const [scraper, mark] = ['dataforseo/google-organic', 'mk1x000001z'];
  const risks = risksOf({ mark, scraper }, [BOUGHT]);
  const count = (fault: object) =>
    countHits([{ atMs: AT_MS + 1, kind: 'kill', ...fault }], risks, new Map([['a', mark]]))['kill'];

  it('counts if it fell between an intent and its end', () => {
    const everybody = true;
    expect(count({ everybody })).toEqual({ made: 1, hit: 1, scrapes: 1 });
    expect(count({ everybody, atMs: AT_MS - 1 })).toEqual({ made: 1, hit: 0, scrapes: 0 });
    expect(count({ everybody, atMs: AT_MS + 9_001 })).toEqual({ made: 1, hit: 0, scrapes: 0 });
  });

  it('that was aimed at a scrape counts if it was at risk, not if another one was', () => {
    expect(count({ marks: ['mk1x000002z'] })).toMatchObject({ hit: 0 });
    expect(count({ marks: [mark] })).toMatchObject({ hit: 1 });
    expect(count({ marks: [mark], ids: ['a'] })).toMatchObject({ hit: 1, scrapes: 1 });
    expect(count({ ids: ['a'] })).toMatchObject({ hit: 1 });
    expect(count({ ids: ['b'] })).toMatchObject({ hit: 0 });
  });

  it('that was aimed at nothing known hits nothing, and one on a list those who wait for it', () => {
    expect(count({})).toEqual({ made: 1, hit: 0, scrapes: 0 });
    expect(count({ marks: [], ids: [] })).toMatchObject({ hit: 0 });
    expect(count({ provider: 'dataforseo' })).toMatchObject({ hit: 1 });
    expect(count({ provider: 'scrapellm' })).toMatchObject({ hit: 0 });
  });
});
