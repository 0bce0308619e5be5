import type { Answer, RankedItem } from '../../src/contracts/answer.ts';
import type { Scraper } from '../../src/contracts/scrapers.ts';

const ENTRIES: Array<[domain: string, title: string, description: string]> = [
  ['runnersledger.example', 'The best trail shoes this winter', 'We ran 900 km of mud in 14 pairs.'],
  ['brightwell.example', 'Brightwell Terra 3', 'Firm, durable, a little heavy. Free returns.'],
  ['trailgear.example', 'Trail shoes tested', 'Lumora and Brightwell share the first place.'],
  ['lumora.example', 'Lumora Pace, official', 'The widest toe box of its class.'],
  ['forum.hillfolk.example', 'What do you wear in the rain?', '41 replies'],
  ['outdoorlab.example', 'Grip on wet rock, measured', 'Kestrel Labs Ridge 4 slips first.'],
  ['shoegeeks.example', 'Wide feet on trails', 'A guide in pictures.'],
  ['mountainpost.example', 'Ten shoes for ten hills', 'From Fjell to Pace.'],
];

/** A made-up page of results, the same for the same arguments: images have titles only, the others descriptions too. */
export function pageFor(scraper: Scraper, prompt: string, index: number): Answer {
  const images = scraper === 'dataforseo/google-images';
  const length = images ? 24 : 3 + (index % 6);
  const entries = Array.from({ length }, (_, i): RankedItem => {
    const [domain = '', title = '', description = ''] = ENTRIES[(i * 3 + index) % ENTRIES.length] ?? [];
    const url = `https://www.${domain}/page/${index}-${i}`;
    const picture = images && { imageUrl: `https://img.${domain}/${i}.jpg` };
    const type = images ? 'images_search' : 'organic';
    return { rank: i + 2, type, url, domain, title, ...(!images && { description }), ...picture };
  });
  return {
    scraper,
    prompt,
    market: 'US/en',
    params: {},
    text: '',
    citations: null,
    fanOutQueries: null,
    followUps: images ? null : ['Which trail shoes last longest?'],
    products: null,
    ranks: [{ rank: 1, type: 'carousel' }, ...entries, ...(index % 7 === 0 ? HOSTILE : [])],
    model: null,
    cached: null,
    charge: {},
  };
}

/** Entries that try something, in every field that is shown. */
const HOSTILE: RankedItem[] = [
  {
    rank: 90,
    type: '"><script>window.__pwned=10</script>',
    url: 'javascript:window.__pwned=11',
    domain: '"><img src=x onerror="window.__pwned=12">',
    title: '<img src=x onerror="window.__pwned=13">Lumora<script>window.__pwned=14</script>',
    description: '</li></ol></article><script>window.__pwned=15</script>\u202Edesrever \u0000',
    raw: { html: '<script>window.__pwned=16</script>' },
  },
  {
    rank: 91,
    type: 'W'.repeat(300),
    url: 'https://paypal.com@evil.example/"onmouseover="window.__pwned=17',
    domain: 'paypal.com',
    title: `https://paypal.com ${'W'.repeat(2_000)}`,
    description: 'W'.repeat(2_000),
  },
  { rank: 91, type: 'organic', url: 'data:text/html,<script>window.__pwned=18</script>' },
];
