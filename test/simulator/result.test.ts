import { expect, describe, it } from 'vitest';
import { VENDOR_SCRAPERS } from '../../src/simulator/vendor-scrapers.ts';
import { results, samples } from './results.ts';

const PROMPT = 'What is the best desk lamp for video calls?';
const text = expect.any(String);
const CITATION = { title: text, url: text, snippet: text, highlights: [text], website_name: text };

describe('a result', () => {
  it.each(VENDOR_SCRAPERS)('of %s has the common fields', (scraper) => {
    const [result] = results(scraper, [{ prompt: PROMPT, country: 'GB' }]);
    expect(result).toMatchObject({
      scraper,
      status: 'done',
      job_id: expect.stringMatching(/^job_[0-9a-f]{12}$/),
      prompt: PROMPT,
      country: 'GB',
      result_markdown: text,
      credits_used: 3,
      elapsed_ms: expect.any(Number),
      cached: false,
      markdown_url: text,
    });
  });

  it.each<[string, Record<string, unknown>]>([
    [
      'chatgpt',
      {
        links: expect.arrayContaining([{ url: text, text }]),
        search_queries: expect.arrayContaining([text]),
        llm_model: text,
      },
    ],
    [
      'perplexity',
      {
        sources: expect.arrayContaining([{ title: text, url: text, snippet: text }]),
        related_questions: expect.arrayContaining([text]),
      },
    ],
    ['gemini', { citations: expect.arrayContaining([expect.objectContaining(CITATION)]), llm_model: text }],
    [
      'grok',
      {
        web_sources: expect.arrayContaining([{ title: text, url: text, preview: text }]),
        x_results: expect.arrayContaining([{ title: text, url: text, preview: text }]),
      },
    ],
    [
      'copilot',
      { citations: expect.arrayContaining([{ title: text, url: text }]), links: expect.any(Array) },
    ],
    [
      'google_ai_mode',
      {
        citations: expect.arrayContaining([expect.objectContaining(CITATION)]),
        search_results: expect.arrayContaining([
          { title: text, url: text, snippet: text, website_name: text },
        ]),
      },
    ],
    [
      'amazon_rufus',
      {
        products: expect.arrayContaining([
          expect.objectContaining({ asin: text, title: text, url: text, rating: text, reviews: text }),
        ]),
        related_questions: expect.arrayContaining([text]),
      },
    ],
  ])('of %s has its own fields', (scraper, fields) => {
    for (const result of results(scraper, samples(PROMPT, 20))) expect(result).toMatchObject(fields);
  });

  it('of rufus has no plain text', () => {
    expect(results('amazon_rufus', [{ prompt: PROMPT }])[0]).not.toHaveProperty('result');
  });

  it('of copilot has links as strings in about half of the jobs', () => {
    const strings = results('copilot', samples(PROMPT, 100)).filter(
      (result) => typeof (result.links as unknown[])[0] === 'string',
    );
    expect(strings.length).toBeGreaterThan(30);
    expect(strings.length).toBeLessThan(70);
  });

  it('now and then has no markdown, but never for rufus', () => {
    expect(without('chatgpt').length).toBeGreaterThan(5);
    expect(without('chatgpt').length).toBeLessThan(40);
    expect(without('amazon_rufus')).toEqual([]);
  });

  it('has a token tree only where chatgpt was asked for one', () => {
    expect(results('chatgpt', [{ prompt: PROMPT, markdown_json: 'true' }])[0]?.markdown_json).toBeInstanceOf(
      Array,
    );
    expect(results('chatgpt', [{ prompt: PROMPT }])[0]).not.toHaveProperty('markdown_json');
    expect(results('grok', [{ prompt: PROMPT, markdown_json: 'true' }])[0]).not.toHaveProperty(
      'markdown_json',
    );
  });

  it('of perplexity without web search has neither sources nor marks', () => {
    const [result] = results('perplexity', [{ prompt: PROMPT, web_search: 'false' }]);
    expect(result).toMatchObject({ sources: [] });
    expect(result?.result).not.toMatch(/\[\d\]/);
  });

  it('marks only positions that its sources have', () => {
    for (const result of results('perplexity', samples(PROMPT, 50))) {
      const marks = [...String(result.result).matchAll(/\[(\d+)\]/g)].map((match) => Number(match[1]));
      expect(marks.length).toBeGreaterThan(0);
      expect(Math.max(...marks)).toBeLessThanOrEqual((result.sources as unknown[]).length);
    }
  });
});

/** Samples without markdown, of 200. */
function without(scraper: string): unknown[] {
  const all = results(scraper, samples(PROMPT, 200), { noMarkdownRate: 0.1 });
  return all.filter((each) => !('result_markdown' in each));
}

describe('knobs of the content', () => {
  it('put hostile text into texts, titles and addresses, and leave what identifies alone', () => {
    for (const scraper of VENDOR_SCRAPERS) {
      const [hostile] = results(scraper, [{ prompt: PROMPT }], { hostileText: true });
      const [plain] = results(scraper, [{ prompt: PROMPT }]);
      expect(hostile?.result_markdown).toContain('<script>alert(1)</script>');
      expect(JSON.stringify(plain)).not.toContain('<script>');
      for (const kept of ['scraper', 'job_id', 'prompt', 'country', 'credits_used']) {
        expect(hostile?.[kept]).toEqual(plain?.[kept]);
      }
    }
    const [gemini] = results('gemini', [{ prompt: PROMPT }], { hostileText: true });
    expect(gemini?.citations).toContainEqual(
      expect.objectContaining({
        url: expect.stringMatching(/^javascript:/),
        title: expect.stringMatching(/^=HYPERLINK/),
      }),
    );
  });

  it('make a result as large as wanted', () => {
    const [result] = results('grok', [{ prompt: PROMPT }], { resultBytes: 3_000_000 });
    expect(Buffer.byteLength(String(result?.result))).toBeGreaterThanOrEqual(3_000_000);
  });
});
