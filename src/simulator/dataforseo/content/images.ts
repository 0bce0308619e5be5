import type { Content } from './content.ts';
import { relatedSearches, webResults } from './web-results.ts';

/** Google's images: a carousel of refinements, then images; section 6.3 of the vendor's contract. */
export const imagesContent: Content = (input) => {
  const { task, draft } = input;
  const images = webResults(input).map((result, index) => ({
    type: 'images_search',
    xpath: '/html[1]/body[1]/div[3]',
    title: result.title,
    subtitle: result.domain,
    alt: `${draft.topic.phrase}, image ${index + 1}`,
    url: result.url,
    source_url: `https://img.${result.domain}/${draft.topic.slug}-${index + 1}.jpg`,
    encoded_url: `https://encrypted-tbn0.gstatic.example/images?q=tbn:${draft.topic.slug}-${index + 1}`,
  }));
  const place = { page: 1, position: 'left', rectangle: null };
  const carousel = {
    type: 'carousel',
    ...place,
    xpath: '/html[1]/body[1]/div[2]',
    title: null,
    items: [
      {
        type: 'carousel_element',
        title: draft.topic.word,
        subtitle: null,
        image_url: `https://api.dataforseo.com/cdn/i/${task.id}:0`,
      },
    ],
  };
  const related = {
    type: 'related_searches',
    ...place,
    xpath: '/html[1]/body[1]/div[4]',
    items: relatedSearches(input),
  };
  return {
    fields: {
      check_url: `https://www.google.com/search?q=${encodeURIComponent(task.keyword)}&udm=2&hl=${task.languageCode}&gl=US`,
    },
    items: [carousel, ...images, related],
  };
};
