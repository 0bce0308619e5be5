import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/report/analyse.ts';
import { collectReport } from '../../src/report/collect.ts';
import { renderReport } from '../../src/report/render.ts';
import type { ReportOptions } from '../../src/report/report-data.ts';
import { BATCH, BRANDS, damaged, fillShelf, STARTED, storeOf, type Shelf } from './fixtures.ts';

async function pageOf(shelf: Shelf, options: ReportOptions = { brands: BRANDS }): Promise<string> {
  const data = await collectReport(storeOf(shelf), BATCH, new Date(STARTED.getTime() + 3_600_000));
  return [...renderReport(analyse(data, options))].join('');
}

describe('the report', () => {
  it('allows exactly its own style and nothing else', async () => {
    const page = await pageOf(fillShelf());
    const style = /<style>([^]*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    );
    expect(page).not.toMatch(/<script|<img|<link|<iframe|<base|\sstyle=|\son\w+="/i);
  });

  it('stays well below 2 MB for 140 answers', async () => {
    expect(Buffer.byteLength(await pageOf(fillShelf()))).toBeLessThan(1_000_000);
  });

  it('says how it stands in words: what is in, what is late, who is named, what it cost', async () => {
    const text = wordsOf(await pageOf(fillShelf(), { brands: BRANDS, ceiling: { credits: 450 } }));
    expect(text).toContain('128 of 140 answers are in; 8 ended without one, 1 is on the way, 3 are late.');
    expect(text).toMatch(/Lumora is named in \d+% \d+\/128 of the answers, behind Brightwell/);
    expect(text).toMatch(/The answers cite 1\d websites: most often \S+, in \d+ answers/);
    expect(text).toContain(
      'So far it cost 420 credits, of at most 450 credits allowed; 3 credits more may have been spent',
    );
    expect(text).toContain('423 credits of a ceiling of 450 credits');
  });

  it('shows a ceiling in dollars beside the one in credits, and one total where a credit has a price', async () => {
    const options = { ceiling: { credits: 450, usdMicros: 500_000 }, usdPerCredit: 0.001 };
    const text = wordsOf(await pageOf(fillShelf(), options));
    expect(text).toContain('it cost 420 credits ($0.42 in all), of at most 450 credits and $0.50 allowed');
    expect(text).toContain('423 credits of a ceiling of 450 credits');
    expect(text).toContain('$0.00 of a ceiling of $0.50');
    expect(text).toContain('$0.423 in all, at $0.001 a credit.');
  });

  it('says how to add brands when there are none, and shows no column of theirs', async () => {
    const page = await pageOf(fillShelf(), {});
    expect(wordsOf(page)).toContain('gleaner report batch/trail-shoes --brand "Lumora" --rivals');
    expect(page).not.toContain('>Names a rival<');
  });

  it('says SIMULATED in the title, on top and on each result of a simulated batch, and never otherwise', async () => {
    const simulated = await pageOf(fillShelf({ simulated: true }));
    expect(simulated).toMatch(/<title>SIMULATED/);
    expect(wordsOf(simulated)).toContain('SIMULATED Every answer on this page was made up');
    expect(wordsOf(simulated)).toContain('So far it would have cost 420 credits');
    expect(simulated.match(/class="tag">simulated/g)).toHaveLength(136);
    expect(await pageOf(fillShelf())).not.toContain('SIMULATED');
  });

  it('tells what went wrong, in which words, and what to do', async () => {
    const text = wordsOf(await pageOf(fillShelf()));
    expect(text).toContain('3 failed (TaskFailed) What to do Ask for them again in a new batch.');
    expect(text).toContain('1 unknown (SubmitOutcomeUnknown) What to do Look at the provider’s bill first');
    expect(text).toContain(
      'The connection broke before ScrapeLLM confirmed the order: 3 credits possibly spent.',
    );
  });

  it('names damaged answers and lost pages, and still adds up to the total', async () => {
    const shelf = fillShelf({ samples: 8 });
    const [answer = ''] = shelf.answers.keys();
    shelf.answers.set(answer, damaged(answer));
    shelf.pages.set(2, damaged('pages/2'));
    const text = wordsOf(await pageOf(shelf));
    expect(text).toContain('500 cannot be read from the store');
    expect(text).toContain('Total 620 + 500');
    expect(text).toContain('Page 2 of the batch cannot be read (500 scrapes)');
    expect(text).toContain(`Its answer: the file ${answer} is damaged`);
  });

  it('says how to go on with scrapes that an ended batch left without a record', async () => {
    const shelf = fillShelf();
    shelf.record = { endedAt: '2026-11-16T09:05:00Z' } as never; // a report reads no more of it
    const text = wordsOf(await pageOf(shelf));
    expect(text).toContain('4 without a record What to do It was stopped from outside');
    expect(text).toContain('16 November 2026, 09:00 to 09:05 UTC');
  });

  it('shows a batch in which nothing has happened yet', async () => {
    const text = wordsOf(await pageOf(fillShelf({ outcome: () => undefined })));
    expect(text).toContain('0 of 140 answers are in');
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('keeps task ids to itself: whoever has one can read the answer', async () => {
    expect(await pageOf(fillShelf())).not.toContain('secret-task-id');
  });
});

describe('the report of a batch with result pages', () => {
  const SCRAPERS = ['scrapellm/chatgpt', 'dataforseo/google-images', 'dataforseo/google-organic'] as const;
  const shelf = () => fillShelf({ scrapers: SCRAPERS, outcome: () => 'done' });

  it('shows what a page lists: place, title, website and kind, with the names marked', async () => {
    const page = await pageOf(shelf());
    const [, first = ''] = /<h4>Google Images<\/h4>([^]*?)<\/article>/.exec(page) ?? [];
    const entries = [...first.matchAll(/<li value="(\d+)">([^]*?)<\/li>/g)];
    expect(entries.map(([, place]) => Number(place))).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
    expect(wordsOf(entries[0]?.[2] ?? '')).toContain('without a title carousel');
    const own = entries.find(([entry]) => entry.includes('/www.lumora.example/'))?.[2] ?? '';
    expect(own).toContain('<mark class="own">Lumora</mark> Pace, official');
    expect(wordsOf(own)).toContain('www.lumora.example images_search');
  });

  it('keeps all but the first entries of a long page folded', async () => {
    const page = await pageOf(shelf());
    const [, first = ''] = /<h4>Google Images<\/h4>([^]*?)<\/article>/.exec(page) ?? [];
    const [shown = '', folded = ''] = first.split('<details>');
    expect(shown.match(/<li /g)).toHaveLength(5);
    expect(folded.match(/<li /g)).toHaveLength(20);
    expect(folded).toContain('20 more entries');
  });

  it('compares AI engines among themselves, and search engines by places in a part of their own', async () => {
    const page = await pageOf(shelf());
    for (const id of ['engines', 'named', 'cited', 'prompts']) {
      expect(partOf(page, id)).toContain('ChatGPT');
      expect(partOf(page, id)).not.toMatch(/Google (Images|Search)/);
    }
    const pages = wordsOf(partOf(page, 'pages'));
    expect(pages).toContain('Google Images');
    expect(pages).not.toContain('ChatGPT');
    expect(pages).toContain('Best trail running shoes for beginners ● Lumora #8, Brightwell #2 ●');
    expect(wordsOf(page)).toContain(
      'Lumora in the answers of 1 AI engine and on the pages of 2 search engines',
    );
    expect(wordsOf(page)).toMatch(/Lumora is named in \d+% \d+\/20 of the answers/);
    expect(wordsOf(page)).toMatch(/Of 40 result pages, \d+% \d+\/40 list Lumora, at best in place 2\./);
  });

  it('has no part about AI engines where none was asked', async () => {
    const page = await pageOf(fillShelf({ scrapers: ['dataforseo/google-maps'], outcome: () => 'done' }));
    for (const id of ['engines', 'named', 'cited', 'prompts']) expect(page).not.toContain(`"#${id}"`);
    expect(wordsOf(page)).toContain('Lumora on the pages of 1 search engine');
    expect(wordsOf(page)).not.toMatch(/NaN|Infinity|undefined|\b0 AI engines/);
  });

  it('has no part about search engines where none was asked', async () => {
    expect(await pageOf(fillShelf())).not.toContain('id="pages"');
  });

  it('escapes whatever an entry says of itself', async () => {
    const page = await pageOf(shelf());
    expect(page).toContain('&lt;img src=x onerror=&quot;window.__pwned=13&quot;&gt;');
    expect(page).not.toMatch(/<script|<img|href="(javascript|data):/i);
    expect(page).not.toContain('__pwned=16');
  });
});

function partOf(page: string, id: string): string {
  return new RegExp(`<section class="part" id="${id}"[^]*?</section>`).exec(page)?.[0] ?? '';
}

/** The page's words as a reader sees them, blanks made single. */
function wordsOf(page: string): string {
  const body = page.replaceAll(/<style>[^]*?<\/style>|<svg[^]*?<\/svg>|<[^>]*>/g, '');
  return body
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ')
    .replaceAll(' .', '.');
}
