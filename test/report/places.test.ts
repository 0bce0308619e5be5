import { describe, expect, it } from 'vitest';
import { createMentionFinder } from '../../src/report/mentions.ts';
import { bestPlace, placesOf, placing } from '../../src/report/places.ts';

const find = createMentionFinder(['Lumora', 'Kestrel Labs']);

describe('places on a result page', () => {
  it('are the best ones of each name and website, in whatever order the entries come', () => {
    const { names, domains } = placesOf(
      [
        { rank: 7, type: 'organic', domain: 'a.example', title: 'Lumora again' },
        { rank: 2, type: 'carousel', title: 'Others' },
        { rank: 3, type: 'organic', domain: 'a.example', description: 'kestrel  labs and LUMORA' },
        { rank: 9, type: 'organic', domain: 'b.example' },
      ],
      find,
    );
    expect(Object.fromEntries(names)).toEqual({ Lumora: 3, 'Kestrel Labs': 3 });
    expect(Object.fromEntries(domains)).toEqual({ 'a.example': 3, 'b.example': 9 });
  });

  it('are nobody’s for a name that begins in the title and ends in the description, or is only in an address', () => {
    const url = 'https://lumora.example/';
    const { names } = placesOf(
      [{ rank: 1, type: 'organic', url, title: 'Kestrel', description: 'Labs' }],
      find,
    );
    expect([...names]).toEqual([]);
  });

  it('of several pages are the best of them, and of results that are no pages there are none', () => {
    const places = (rank: number) => placesOf([{ rank, type: 'organic', title: 'Lumora' }], find);
    const pages = [{ places: places(8) }, {}, { places: places(4) }, { places: placesOf([], find) }];
    expect(bestPlace(pages, 'names', 'Lumora')).toBe(4);
    expect(placing(pages, 'Lumora')).toEqual([pages[0], pages[2]]);
    expect(bestPlace(pages, 'names', 'Kestrel Labs')).toBeUndefined();
  });
});
