import type { Content, Item } from './content.ts';
import { brandTable, llmSource } from './llm-parts.ts';

/** Gemini's answer: text, now and then a table and images; section 6.1 of the vendor's contract. */
export const geminiContent: Content = (input) => {
  const { draft, markdown } = input;
  const sources = draft.sources.map((source, index) => llmSource('gemini_source', source, index));
  const items: Item[] = [
    { type: 'gemini_text', markdown, original_text: markdown.replaceAll('**', ''), sources },
  ];
  if (draft.brands.length > 0 && draft.random.chance(0.5)) {
    items.push({ type: 'gemini_table', original_text: null, ...brandTable(input) });
  }
  if (draft.brands.length > 0 && draft.random.chance(0.3)) items.push(images(draft.brands));
  return {
    fields: { model: 'Fast', markdown: wholeMarkdown(items), sources: sources.length > 0 ? sources : null },
    items,
  };
};

function images(brands: readonly { name: string; domain: string; products: readonly string[] }[]): Item {
  const elements = brands.map(({ domain, products }) => {
    const image_url = `https://img.${domain}/a.jpg`;
    const [alt = domain] = products;
    return {
      type: 'gemini_images_element',
      url: `https://${domain}/`,
      alt,
      image_url,
      markdown: `![${alt}](${image_url})`,
    };
  });
  return {
    type: 'gemini_images',
    markdown: elements.map((each) => each.markdown).join('\n'),
    items: elements,
  };
}

function wholeMarkdown(items: Item[]): string {
  return items.map((item) => item.markdown).join('\n\n');
}
