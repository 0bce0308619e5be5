import { describe, expect, it } from 'vitest';
import { createMentionFinder } from '../../src/report/mentions.ts';

function namesIn(text: string, ...names: string[]): string[] {
  return createMentionFinder(names)(text).map((mention) => mention.name);
}

describe('the mention finder', () => {
  it('finds whole words in any case and in markdown', () => {
    expect(namesIn('LUMORA, **lumora**, _Lumora_ and Lumora’s', 'Lumora')).toHaveLength(4);
    expect(namesIn('Lumorastic, preLumora, Lumora2, Lumoraé', 'Lumora')).toEqual([]);
  });

  it('finds a name of two words across a line break', () => {
    expect(namesIn('from Kestrel\n  Labs.', 'Kestrel Labs')).toEqual(['Kestrel Labs']);
  });

  it('counts the longer of two names that begin alike', () => {
    expect(namesIn('Kestrel Labs beat Kestrel', 'Kestrel', 'Kestrel Labs')).toEqual([
      'Kestrel Labs',
      'Kestrel',
    ]);
  });

  it('takes no link for a recommendation, and keeps positions behind it', () => {
    const text = 'see https://lumora.example/a and [x](http://www.lumora.example): Lumora';
    const found = createMentionFinder(['Lumora'])(text);
    expect(found).toEqual([{ name: 'Lumora', start: text.length - 6, end: text.length }]);
  });

  it('reads names as text, not as patterns', () => {
    expect(namesIn('we like C++ (v2) but not Cxx', 'C++', '(v2)')).toEqual(['C++', '(v2)']);
    expect(namesIn('a long aaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '(a+)+$', '.*')).toEqual([]);
  });

  it('finds names in scripts without spaces, in Cyrillic and beside Arabic', () => {
    expect(namesIn('おすすめはルモラです', 'ルモラ')).toEqual(['ルモラ']);
    expect(namesIn('ЛУМОРА лучше', 'Лумора')).toEqual(['Лумора']);
    expect(namesIn('أفضل Lumora، حذاء', 'Lumora')).toEqual(['Lumora']);
  });

  it('ignores blank names and has nothing to find without names', () => {
    expect(namesIn('anything', '', '  ')).toEqual([]);
    expect(namesIn('anything')).toEqual([]);
  });
});
