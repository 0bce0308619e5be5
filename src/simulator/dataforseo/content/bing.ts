import type { Content } from './content.ts';
import { overviewElements, overviewReference } from './llm-parts.ts';
import { organicItem, relatedSearches, webResults } from './web-results.ts';

/** Bing's result page; its overview has neither tables nor a flag for late loading. */
export const bingContent: Content = (input) => {
  const { task, draft, markdown, resultsPerPage } = input;
  const organic = webResults(input).map((result, index) =>
    organicItem(result, Math.floor(index / resultsPerPage) + 1, draft.topic.phrase),
  );
  const overview = {
    type: 'ai_overview',
    page: 1,
    position: 'left',
    xpath: '/html[1]/body[1]/div[3]',
    markdown,
    items: overviewElements(input),
    references: draft.sources.map(overviewReference),
    rectangle: null,
  };
  const related = {
    type: 'related_searches',
    page: task.pages,
    position: 'right',
    xpath: '/html[1]/body[1]/div[2]',
    items: relatedSearches(input),
    rectangle: null,
  };
  return {
    fields: {
      check_url: `https://www.bing.com/search?q=${encodeURIComponent(task.keyword)}&cc=US`,
      pages_count: task.pages,
      se_results_count: draft.random.between(9_000, 900_000),
    },
    items: [...(task.aiOverview ? [overview] : []), ...organic, related],
  };
};
