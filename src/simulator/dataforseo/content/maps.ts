import type { Content } from './content.ts';
import { webResults } from './web-results.ts';

/** Places on Google's map. */
export const mapsContent: Content = (input) => {
  const { task, draft } = input;
  const { random } = draft;
  const places = webResults(input).map((result, index) => ({
    type: 'maps_search',
    domain: result.domain,
    title: `${result.siteName} ${index + 1}`,
    url: result.url,
    rating: {
      rating_type: 'Max5',
      value: random.between(30, 50) / 10,
      votes_count: random.between(1, 2_000),
      rating_max: null,
    },
    rating_distribution: { 1: 1, 2: 0, 3: 2, 4: 7, 5: 20 },
    original_title: null,
    contact_url: null,
    contributor_url: null,
    book_online_url: null,
    hotel_rating: null,
    price_level: null,
    snippet: `${index + 1} Market Street`,
    address: `${index + 1} Market Street, Springfield`,
    address_info: {
      borough: null,
      address: `${index + 1} Market Street`,
      city: 'Springfield',
      zip: '00000',
      region: null,
      country_code: 'US',
    },
    place_id: `place-${draft.topic.slug}-${index + 1}`,
    phone: '+1 555 0100',
    main_image: null,
    total_photos: random.between(0, 90),
    category: draft.topic.word,
    additional_categories: null,
    category_ids: [draft.topic.word],
    work_hours: null,
    feature_id: null,
    cid: String(random.between(1e9, 9e9)),
    latitude: 40 + index / 1_000,
    longitude: -90 - index / 1_000,
    is_claimed: random.chance(0.7),
    local_justifications: null,
    is_directory_item: false,
  }));
  return {
    fields: {
      check_url: `https://google.com/maps/search/${encodeURIComponent(task.keyword)}/@40,-90,17z?hl=${task.languageCode}&gl=US`,
    },
    items: places,
  };
};
