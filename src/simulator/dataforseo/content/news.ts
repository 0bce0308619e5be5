import { formatTime } from '../time.ts';
import type { Content } from './content.ts';
import { webResults } from './web-results.ts';

const HOUR_MS = 3_600_000;

/** Google's news, newest first. */
export const newsContent: Content = (input) => {
  const { task } = input;
  const articles = webResults(input).map((result, index) => ({
    type: 'news_search',
    xpath: '/html[1]/body[1]/div[2]',
    title: result.title,
    domain: result.domain,
    url: result.url,
    image_url: null,
    snippet: result.snippet,
    time_published: `${index + 1} hours ago`,
    timestamp: formatTime(task.postedAtMs - (index + 1) * HOUR_MS),
    rectangle: null,
  }));
  const [first] = articles;
  const stories = first && {
    type: 'top_stories',
    page: 1,
    position: 'left',
    xpath: '/html[1]/body[1]/div[1]',
    title: 'Top stories',
    items: [
      {
        type: 'top_stories_element',
        source: first.domain,
        domain: first.domain,
        title: first.title,
        date: first.time_published,
        amp_version: false,
        timestamp: first.timestamp,
        url: first.url,
        image_url: null,
        badges: null,
      },
    ],
    rectangle: null,
  };
  return {
    fields: {
      check_url: `https://www.google.com/search?q=${encodeURIComponent(task.keyword)}&tbm=nws&hl=${task.languageCode}&gl=US`,
      includes_non_news_search_results: false,
    },
    items: [...(stories ? [stories] : []), ...articles],
  };
};
