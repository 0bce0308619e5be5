import type { Content, ContentInput, Item } from './content.ts';
import { overviewElements, overviewReference } from './llm-parts.ts';
import { organicItem, relatedSearches, webResults } from './web-results.ts';

/** Google's result page, with an AI overview if the keyword has one; section 6.4 of the vendor's contract. */
export const organicContent: Content = (input) => {
  const { task, draft, resultsPerPage } = input;
  const q = encodeURIComponent(task.keyword);
  const organic = webResults(input).map((result, index) =>
    organicItem(result, Math.floor(index / resultsPerPage) + 1, draft.topic.phrase),
  );
  return {
    fields: {
      check_url: `https://www.google.com/search?q=${q}&hl=${task.languageCode}&gl=US`,
      pages_count: task.pages,
      se_results_count: draft.random.between(90_000, 90_000_000),
    },
    items: [
      ...(task.aiOverview ? [aiOverview(input)] : []),
      ...organic.slice(0, 4),
      peopleAlsoAsk(input),
      ...organic.slice(4),
      {
        type: 'related_searches',
        page: task.pages,
        position: 'left',
        xpath: '/html[1]/body[1]/div[2]',
        items: relatedSearches(input),
        rectangle: null,
      },
    ],
  };
};

/** An overview that Google loads later has text only if it was asked (and paid) for. */
function aiOverview(input: ContentInput): Item {
  const { task, draft, markdown } = input;
  const late = draft.random.chance(0.5);
  const loaded = !late || task.data.load_async_ai_overview === true;
  return {
    type: 'ai_overview',
    page: 1,
    position: 'left',
    xpath: '/html[1]/body[1]/div[3]',
    asynchronous_ai_overview: late,
    markdown: loaded ? markdown : null,
    items: loaded ? overviewElements(input) : null,
    references: loaded ? draft.sources.map(overviewReference) : null,
    rectangle: null,
  };
}

function peopleAlsoAsk({ draft }: ContentInput): Item {
  const { topic, sources } = draft;
  const [source] = sources;
  return {
    type: 'people_also_ask',
    page: 1,
    position: 'left',
    xpath: '/html[1]/body[1]/div[4]',
    items: [
      {
        type: 'people_also_ask_element',
        title: `How much should ${topic.word} cost?`,
        seed_question: null,
        xpath: '/html[1]/body[1]/div[4]/div[1]',
        expanded_element: [
          {
            type: 'people_also_ask_expanded_element',
            featured_title: null,
            url: source?.url ?? null,
            domain: source?.domain ?? null,
            title: source?.title ?? null,
            description: source?.snippet ?? null,
            images: null,
            timestamp: null,
            table: null,
          },
        ],
      },
    ],
    rectangle: null,
  };
}
