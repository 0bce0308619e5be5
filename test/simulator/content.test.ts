import { describe, expect, it } from 'vitest';
import { BRANDS, SOURCES } from '../../src/simulator/market-data.ts';
import { VENDOR_SCRAPERS } from '../../src/simulator/vendor-scrapers.ts';
import { results, samples } from './results.ts';

const PROMPT = 'What is the best desk lamp for video calls?';

describe('the text', () => {
  it.each([
    PROMPT,
    'standing desk',
    'Compare Lumora and Brightwell',
    '在宅勤務に最適な机は何ですか',
    '🦊🦊🦊',
    '漢'.repeat(4_000),
  ])('speaks of %s in 80 to 250 words with a list', (prompt) => {
    for (const scraper of VENDOR_SCRAPERS) {
      for (const result of results(scraper, samples(prompt, 5))) {
        const markdown = String(result.result_markdown);
        const words = markdown.split(/\s+/).length;
        expect(words).toBeGreaterThanOrEqual(80);
        expect(words).toBeLessThanOrEqual(250);
        expect(markdown).toMatch(/^- \*\*/m);
        expect(markdown).not.toMatch(/undefined|NaN|\{topic\}/);
      }
    }
  });

  it('takes up the words of the prompt and names the brands that it asks about', () => {
    const [result] = results('gemini', [{ prompt: 'Is Kestrel Labs better than Lumora?' }]);
    expect(result?.result).toContain('Kestrel Labs better than Lumora');
    for (const name of ['Kestrel Labs', 'Lumora']) expect(result?.result_markdown).toContain(`**${name}**`);
  });
});

describe('the market', () => {
  it('has only reserved domains', () => {
    expect(SOURCES.length).toBeGreaterThanOrEqual(25);
    for (const { domain } of [...SOURCES, ...BRANDS]) expect(domain).toMatch(/^[a-z0-9]+\.example$/);
  });

  it('lets engines agree more about one prompt than about two', () => {
    let same = 0;
    let different = 0;
    for (let i = 0; i < 8; i++) {
      same += shared(top(`prompt ${i}`, 'chatgpt'), top(`prompt ${i}`, 'gemini'));
      different += shared(top(`prompt ${i}`, 'chatgpt'), top(`prompt ${i + 1}`, 'gemini'));
    }
    expect(same).toBeGreaterThan(different * 1.3);
  });

  it('lets engines agree in part about which brands to name', () => {
    const differences = { same: 0, other: 0 };
    for (let i = 0; i < 12; i++) {
      const here = naming(`prompt ${i}`, 'chatgpt');
      differences.same += Math.abs(here - naming(`prompt ${i}`, 'gemini'));
      differences.other += Math.abs(here - naming(`prompt ${i + 1}`, 'gemini'));
    }
    expect(differences.same).toBeLessThan(differences.other / 1.5);
  });

  it('has engines name the brands unequally', () => {
    expect(share('grok', 'Kestrel Labs')).toBeGreaterThan(share('chatgpt', 'Kestrel Labs') + 30);
    expect(share('perplexity', 'Lumora')).toBeGreaterThan(share('grok', 'Lumora') + 30);
  });
});

function domains(result: Record<string, unknown>): string[] {
  return Array.from(
    JSON.stringify(result).matchAll(/https:\/\/([a-z0-9]+\.example)\/us/g),
    (match) => match[1] ?? '',
  );
}

/** The six domains that an engine cites most often for a prompt. */
function top(prompt: string, scraper: string): Set<string> {
  const counts = new Map<string, number>();
  for (const each of results(scraper, samples(prompt, 40)).flatMap(domains)) {
    counts.set(each, (counts.get(each) ?? 0) + 1);
  }
  const ranked = [...counts].sort((a, b) => b[1] - a[1]);
  return new Set(ranked.slice(0, 6).map(([domain]) => domain));
}

function shared(a: Set<string>, b: Set<string>): number {
  return [...a].filter((each) => b.has(each)).length;
}

/** In how many of 200 prompts an engine names the brand. */
function share(scraper: string, brand: string): number {
  const prompts = Array.from({ length: 200 }, (_, i) => ({ prompt: `question ${i}` }));
  return results(scraper, prompts).filter((each) => String(each.result_markdown).includes(`**${brand}**`))
    .length;
}

/** In how many of 40 samples an engine names the brand. */
function naming(prompt: string, scraper: string): number {
  return results(scraper, samples(prompt, 40)).filter((each) =>
    String(each.result_markdown).includes('**Brightwell**'),
  ).length;
}
