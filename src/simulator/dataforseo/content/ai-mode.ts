import type { Content } from './content.ts';
import { brandTable, overviewElements, overviewReference } from './llm-parts.ts';

/** Google's AI Mode: one overview that is the whole page. */
export const aiModeContent: Content = (input) => {
  const { task, draft, markdown } = input;
  const table = draft.brands.length > 0 && draft.random.chance(0.4) ? brandTable(input) : undefined;
  return {
    fields: {
      check_url: `https://www.google.com/search?q=${encodeURIComponent(task.keyword)}&udm=50&hl=${task.languageCode}`,
    },
    items: [
      {
        type: 'ai_overview',
        page: 1,
        position: 'left',
        xpath: '/html[1]/body[1]/div[1]',
        markdown: table ? `${markdown}\n\n${table.markdown}` : markdown,
        items: [
          ...overviewElements(input),
          ...(table ? [{ type: 'ai_overview_table_element', position: 'left', ...table }] : []),
        ],
        references: draft.sources.map(overviewReference),
        rectangle: null,
      },
    ],
  };
};
