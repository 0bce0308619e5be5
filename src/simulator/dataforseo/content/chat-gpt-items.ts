import type { Draft } from '../../draft.ts';
import type { Item } from './content.ts';

/** The blocks that only some of ChatGPT's answers have, each with its own draw. */
export function rareItems(draft: Draft, sources: readonly Record<string, unknown>[]): Item[] {
  const { random, brands } = draft;
  const blocks: Array<() => Item> = [
    () => ({ type: 'chat_gpt_navigation_list', title: 'Read more', sources: sources.slice(0, 3) }),
    () => images(draft),
    () => localBusinesses(draft),
    () => products(draft),
    () => ad(draft),
  ];
  return blocks.flatMap((block) => (random.chance(0.15) && brands.length > 0 ? [block()] : []));
}

function images({ brands }: Draft): Item {
  const items = brands.map(({ domain, products: [alt] }) => {
    const image_url = `https://img.${domain}/a.jpg`;
    return {
      type: 'chat_gpt_images_element',
      alt,
      url: `https://${domain}/`,
      image_url,
      markdown: `![${alt}](${image_url})`,
    };
  });
  return { type: 'chat_gpt_images', markdown: items.map((item) => item.markdown).join('\n'), items };
}

function localBusinesses({ brands, random }: Draft): Item {
  const items = brands.map(({ name, domain, strength }) => ({
    type: 'chat_gpt_local_businesses_element',
    title: `${name} showroom`,
    description: `Known for ${strength}.`,
    address: '1 Market Street, Springfield',
    phone: '+1 555 0100',
    reviews_count: random.between(3, 900),
    url: `https://${domain}/showroom`,
    domain,
    rating: rating(random.between(36, 49) / 10, 100),
  }));
  const markdown = items.map((item) => `- ${item.title}`).join('\n');
  return { type: 'chat_gpt_local_businesses', markdown, items };
}

function products({ brands, random }: Draft): Item {
  const items = brands.map((brand) => ({
    type: 'chat_gpt_products_element',
    product_id: String(random.between(1e6, 9e6)),
    merchants: brand.name,
    id_to_token_map: null,
    title: `${brand.name} ${brand.products[0]}`,
    rating: rating(random.between(36, 49) / 10, random.between(9, 900)),
    price: random.between(29, 699),
    currency: 'USD',
    tag: null,
    url: `https://${brand.domain}/shop`,
    domain: brand.domain,
    images: [`https://img.${brand.domain}/a.jpg`],
    product_ids: null,
  }));
  return { type: 'chat_gpt_products', items };
}

/** Missing from the documented list of item types, and known to the vendor's client. */
function ad({ sources }: Draft): Item {
  const [source] = sources;
  const { domain = 'nobody.example', siteName = 'Nobody', title = 'An offer' } = source ?? {};
  return {
    type: 'chat_gpt_ad',
    is_rendered: true,
    title,
    snippet: 'Sponsored',
    url: `https://${domain}/offer`,
    domain,
    image_url: null,
    advertiser: { name: siteName, url: `https://${domain}`, favicon_url: null },
  };
}

function rating(value: number, votes_count: number): Record<string, unknown> {
  return { rating_type: 'Max5', value, votes_count, rating_max: 5 };
}
