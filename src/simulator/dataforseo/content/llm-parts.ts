import type { DraftSource } from '../../draft.ts';
import type { ContentInput } from './content.ts';

/** The brands of an answer as a table, in markdown and in cells. */
export function brandTable({ draft }: ContentInput): {
  markdown: string;
  table: { table_header: string[]; table_content: string[][] };
} {
  const header = ['Maker', 'Product'];
  const rows = draft.brands.map((brand) => [brand.name, brand.products[0]]);
  const lines = [header, ['---', '---'], ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return { markdown: lines.join('\n'), table: { table_header: header, table_content: rows } };
}

/** One cited page, as both LLM scrapers show it. */
export function llmSource(type: string, source: DraftSource, index: number): Record<string, unknown> {
  return {
    type,
    title: source.title,
    snippet: index % 3 === 2 ? null : source.snippet,
    domain: source.domain,
    url: source.url,
    thumbnail: null,
    source_name: source.siteName,
    publication_date: index % 2 === 0 ? null : '2026-02-03 00:00:00 +00:00',
    markdown: null,
  };
}

/** One cited page, as AI overviews of Google and Bing and AI Mode show it. */
export function overviewReference(source: DraftSource): Record<string, unknown> {
  return {
    type: 'ai_overview_reference',
    position: 'right',
    source: source.siteName,
    domain: source.domain,
    url: source.url,
    title: source.title,
    text: source.snippet,
  };
}

/** The paragraphs of an answer as elements of an AI overview. */
export function overviewElements({ prose, draft }: ContentInput): Record<string, unknown>[] {
  const list = prose.bullets.map((each) => `- **${each.lead}**: ${each.text}`).join('\n');
  return [prose.opening, list, ...prose.paragraphs].map((text, index) => ({
    type: 'ai_overview_element',
    position: 'left',
    title: index === 1 ? 'What matters' : null,
    text: text.replaceAll('**', ''),
    markdown: text,
    links: null,
    images: null,
    references: draft.sources.slice(index, index + 1).map(overviewReference),
  }));
}
