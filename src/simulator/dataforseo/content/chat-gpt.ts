import type { Draft } from '../../draft.ts';
import type { Content, Item } from './content.ts';
import { rareItems } from './chat-gpt-items.ts';
import { brandTable, llmSource } from './llm-parts.ts';

/** ChatGPT's answer, with what it searched and whom it names; section 6.2 of the vendor's contract. */
export const chatGptContent: Content = (input) => {
  const { task, draft, markdown } = input;
  const { random } = draft;
  const searched = task.data.force_web_search === true || random.chance(0.4);
  const cited = searched ? draft.sources : [];
  const sources = cited.map((source, index) => llmSource('chat_gpt_source', source, index));
  const entities = brandEntities(draft);
  const items: Item[] = [{ type: 'chat_gpt_text', markdown, sources, brand_entities: entities }];
  if (entities && random.chance(0.4)) {
    const { markdown: text, table } = brandTable(input);
    items.push({ type: 'chat_gpt_table', text, markdown: text, table, brand_entities: entities });
  }
  items.push(...rareItems(draft, sources));
  return {
    fields: {
      model: 'gpt-5-2',
      check_url: `https://chatgpt.com/?q=${encodeURIComponent(task.keyword)}`,
      markdown: items
        .flatMap((item) => (typeof item.markdown === 'string' ? item.markdown : []))
        .join('\n\n'),
      search_results: searched ? searchResults(draft) : null,
      sources: sources.length > 0 ? sources : null,
      fan_out_queries: searched ? [`${draft.topic.phrase} review`, `best ${draft.topic.word}`] : null,
      brand_entities: entities,
    },
    items,
  };
};

/** All that was retrieved: what is cited, once more at the end, and what is not. */
function searchResults({ sources }: Draft): Record<string, unknown>[] {
  return [...sources, ...sources.slice(0, 1)].map(({ url, domain, title, snippet }) => ({
    type: 'chatgpt_search_result',
    url,
    domain,
    title,
    description: snippet,
    breadcrumb: domain,
  }));
}

function brandEntities({ brands }: Draft): Record<string, unknown>[] | null {
  if (brands.length === 0) return null;
  return brands.map(({ name, domain }) => ({
    type: 'chat_gpt_brand_entity',
    title: name,
    category: 'furniture',
    markdown: `**${name}**`,
    urls: [{ url: `https://${domain}`, domain }],
  }));
}
