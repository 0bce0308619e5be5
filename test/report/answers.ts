import type { Answer, Citation } from '../../src/contracts/answer.ts';
import type { Scraper } from '../../src/contracts/scrapers.ts';

const SITES = [
  'runnersledger.example',
  'trailgear.example',
  'thewetfoot.example',
  'lumora.example',
  'brightwell.example',
  'forum.hillfolk.example',
  'outdoorlab.example',
  'shoegeeks.example',
  'kestrel-labs.example',
  'mountainpost.example',
  'gearpatrol-weekly.example',
  'fellrunner.example',
];

/** How readily an engine names each brand, of 10; made up so that the engines differ. */
const TASTE: Record<string, [number, number, number, number]> = {
  'scrapellm/chatgpt': [6, 8, 3, 1],
  'scrapellm/perplexity': [8, 6, 4, 2],
  'scrapellm/grok': [2, 7, 2, 3],
  'scrapellm/copilot': [5, 6, 1, 1],
  'scrapellm/gemini': [9, 5, 3, 0],
  'scrapellm/google-ai-mode': [4, 9, 5, 2],
  'scrapellm/amazon-rufus': [3, 8, 0, 4],
};

/** A made-up answer, the same for the same arguments. */
export function answerFor(scraper: Scraper, prompt: string, index: number): Answer {
  const taste = TASTE[scraper] ?? [5, 5, 5, 5];
  const likes = (brand: 0 | 1 | 2 | 3) => (index * 31 + brand * 17 + scraper.length * 7) % 10 < taste[brand];
  const rufus = scraper === 'scrapellm/amazon-rufus';
  const text = [
    'Look for **grip first**: lugs of 4 mm or more hold on wet ground, while cushioning decides how your knees feel after two hours.\n',
    likes(1) && '- **Brightwell Terra 3** is the one most testers agree on: firm, durable, a little heavy.',
    likes(0) &&
      '- **Lumora Pace** drains fast and has the widest toe box here; runners with flat feet praise Lumora’s midsole.',
    likes(2) && '- **Kestrel Labs Ridge 4** weighs only 240 g, but wears quickly on rock.',
    likes(3) && '- **Nordvane Fjell** is warm and waterproof, best from October to March.',
    '\nTry them on in the evening, when feet are larger, and leave a thumb’s width in front of the toes.',
    index % 3 === 0 &&
      `\n${'If you run on mixed ground, a lower drop gives more control downhill and asks more of the calves. '.repeat(9)}`,
  ]
    .filter((line) => typeof line === 'string')
    .join('\n');
  return {
    scraper,
    prompt,
    market: 'US/en',
    params: {},
    text: hostile(index) ?? (rufus && index % 2 === 0 ? '' : text),
    citations: rufus ? null : citations(scraper, index),
    fanOutQueries:
      scraper === 'scrapellm/chatgpt'
        ? ['trail running shoes wet grip test', 'wide toe box trail shoes 2026']
        : null,
    followUps:
      scraper === 'scrapellm/perplexity' || rufus
        ? ['Which of these is the lightest?', 'Do they run small?']
        : null,
    ranks: null,
    products: rufus
      ? [
          {
            id: 'B0EX1',
            title: 'Brightwell Terra 3 Trail Shoe',
            url: 'https://shop.example/terra-3',
            rating: 4.5,
            reviews: 1_204,
          },
          { id: 'B0EX2', title: likes(0) ? 'Lumora Pace, wide' : 'Fjell Boot', rating: 4.2, reviews: 311 },
        ]
      : null,
    model: scraper === 'scrapellm/chatgpt' ? 'gpt-5-example' : null,
    cached: index % 29 === 5,
    charge: { credits: 3 },
  };
}

function citations(scraper: Scraper, index: number): Citation[] {
  const length = scraper === 'scrapellm/grok' ? index % 3 : 3 + ((index * 5) % 7);
  const sites = Array.from(
    { length },
    (_, i) => SITES[(index * (i + 1) + i * i + scraper.length) % SITES.length] ?? '',
  );
  const good = sites.map((domain, i) => ({
    url: `https://www.${domain}/guide/${index}-${i}`,
    domain,
    title: `Trail shoes tested, part ${i + 1}`,
  }));
  if (index % 41 !== 3) return good;
  return [
    ...good,
    { url: 'javascript:window.__pwned=2', domain: '', title: 'Free shoes' },
    {
      url: 'data:text/html,<script>window.__pwned=3</script>',
      domain: '',
      title: '<img src=x onerror="window.__pwned=4">',
    },
    {
      url: 'https://paypal.com@evil.example/"onmouseover="window.__pwned=5',
      domain: 'evil.example',
      title: 'https://paypal.com',
    },
  ];
}

/** Every 23rd answer tries something. */
function hostile(index: number): string | undefined {
  if (index % 23 !== 7) return undefined;
  return [
    `Lumora wins. </div></article></main><script>window.__pwned=6</script><img src="https://evil.example/p.gif" onerror="window.__pwned=7">`,
    `<style>*{display:none}</style><svg/onload=window.__pwned=8><a href="javascript:window.__pwned=9">x</a>`,
    `</style><meta http-equiv="refresh" content="0;url=https://evil.example"><base href="https://evil.example/"><link rel=stylesheet href=//evil.example/x.css>`,
    `\u202Etxet desrever\u0000\u001B[31m \u2067right to left\u0085`,
    'W'.repeat(3_000),
    `e${'\u0301'.repeat(400)} \uD800 end`,
  ].join('\n');
}
