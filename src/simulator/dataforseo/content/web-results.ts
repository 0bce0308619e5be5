import { SOURCES } from '../../market-data.ts';
import { randomStream } from '../../random.ts';
import type { ContentInput, Item } from './content.ts';

/** A page that a search engine found. */
export interface WebResult {
  title: string;
  url: string;
  domain: string;
  siteName: string;
  snippet: string;
}

/** As many pages as the task has results: those that the answer cites first, then others of the same market. */
export function webResults({ draft, task, results }: ContentInput): WebResult[] {
  const { topic, sources } = draft;
  const start = randomStream('web results', task.keyword).between(0, SOURCES.length - 1);
  return Array.from({ length: results }, (_, index) => {
    const cited = sources[index];
    if (cited) return cited;
    const source = SOURCES[(start + index) % SOURCES.length] ?? SOURCES[0];
    const { domain, name } = source ?? { domain: 'nobody.example', name: 'Nobody' };
    return {
      title: `${topic.phrase}, part ${index + 1} | ${name}`,
      url: `https://${domain}/${topic.slug}/${index + 1}`,
      domain,
      siteName: name,
      snippet: `${name} on ${topic.phrase}, with a photograph of every step.`,
    };
  });
}

/** An `organic` item of the advanced variant; Google and Bing have the same fields. */
export function organicItem(result: WebResult, page: number, highlighted: string): Item {
  return {
    type: 'organic',
    page,
    position: 'left',
    xpath: '/html[1]/body[1]/div[1]',
    domain: result.domain,
    title: result.title,
    url: result.url,
    cache_url: null,
    related_search_url: null,
    breadcrumb: `https://${result.domain} › ${result.siteName}`,
    website_name: result.siteName,
    is_image: false,
    is_video: false,
    is_featured_snippet: false,
    is_malicious: false,
    is_web_story: false,
    checks: null,
    description: result.snippet,
    pre_snippet: null,
    extended_snippet: null,
    images: null,
    amp_version: false,
    rating: null,
    price: null,
    highlighted: [highlighted],
    links: null,
    faq: null,
    extended_people_also_search: null,
    about_this_result: null,
    related_result: null,
    timestamp: null,
    rectangle: null,
  };
}

/** Searches that others made. */
export function relatedSearches({ draft, task }: ContentInput): string[] {
  return [`${task.keyword} review`, `best ${draft.topic.word}`, `${draft.topic.word} under 200`];
}
