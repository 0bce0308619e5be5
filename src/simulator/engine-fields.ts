import type { Draft, DraftSource } from './draft.ts';
import type { Job } from './job.ts';
import { BRANDS } from './market-data.ts';
import type { Random } from './random.ts';
import type { VendorScraper } from './vendor-scrapers.ts';

type Fields = Record<string, unknown>;

/** The fields that only this scraper's results have, under its own names; scrapellm.md section 6.2. */
export function engineFields(job: Job, draft: Draft): Fields {
  return FIELDS[job.request.scraper](draft, job);
}

const FIELDS: Record<VendorScraper, (draft: Draft, job: Job) => Fields> = {
  chatgpt: (draft) => ({ links: draft.sources.map(toLink), search_queries: searches(draft) }),
  perplexity: (draft, job) => ({
    sources: job.request.webSearch
      ? draft.sources.map(({ title, url, snippet }) => ({ title, url, snippet }))
      : [],
    related_questions: relatedQuestions(draft),
  }),
  gemini: ({ sources, random }) => ({ citations: sources.map((source) => toCitation(source, random)) }),
  grok: (draft) => ({
    web_sources: draft.sources.map(({ title, url, snippet }) => ({ title, url, preview: snippet })),
    x_results: posts(draft),
    follow_up_suggestions: relatedQuestions(draft).slice(0, 2),
  }),
  // Links were seen both ways in client code; half of the jobs each.
  copilot: ({ sources, random }, job) => ({
    mode: job.request.mode,
    citations: sources.map(({ title, url }) => ({ title, url })),
    links: random.chance(0.5) ? sources.map(({ url }) => url) : sources.map(toLink),
  }),
  google_ai_mode: ({ sources, random }) => ({
    citations: sources.map((source) => toCitation(source, random)),
    search_results: sources.map(({ title, url, snippet, siteName }) => ({
      title,
      url,
      snippet,
      website_name: siteName,
    })),
  }),
  amazon_rufus: (draft) => ({ products: products(draft), related_questions: relatedQuestions(draft) }),
};

function toLink(source: DraftSource): { url: string; text: string } {
  return { url: source.url, text: source.title };
}

function toCitation(source: DraftSource, random: Random): Record<string, unknown> {
  return {
    title: source.title,
    url: source.url,
    snippet: source.snippet,
    highlights: [source.snippet.split(': ').at(-1)],
    website_name: source.siteName,
    favicon: random.chance(0.3) ? null : `https://${source.domain}/favicon.ico`,
  };
}

function searches({ topic, brands, random }: Draft): string[] {
  const candidates = [
    `${topic.phrase} review`,
    `best ${topic.word} compared`,
    ...brands.map((brand) => `${brand.name} ${topic.word}`),
  ];
  return candidates.slice(0, random.between(2, 4));
}

function relatedQuestions({ topic, brands, random }: Draft): string[] {
  const [first, second] = brands;
  return [
    `How much should I spend on ${topic.word}?`,
    first && second
      ? `Is ${first.name} better than ${second.name}?`
      : `Which makers are worth a look for ${topic.word}?`,
    'What lighting do I need for video calls?',
    'How high should a standing desk be?',
  ].slice(0, random.between(2, 4));
}

function posts({ topic, brands, random }: Draft): Record<string, unknown>[] {
  return Array.from({ length: random.between(1, 3) }, (_, index) => {
    const handle = random.pick(['desk_notes', 'remote_mia', 'lampnerd', 'quietoffice']);
    const brand = brands[index]?.name ?? 'what I have';
    return {
      title: `@${handle}`,
      url: `https://x.example/${handle}/status/${random.between(1e9, 9e9)}`,
      preview: `Thinking about “${topic.phrase}” again. Still happy with ${brand}.`,
    };
  });
}

/** Numbers are strings here; the vendor's other scrapers have numbers. */
function products({ brands, random }: Draft): Record<string, unknown>[] {
  const sold = brands.length > 0 ? brands : BRANDS;
  return sold.flatMap((brand) =>
    brand.products.slice(0, random.between(1, 2)).map((product) => {
      const asin = `B0${Array.from({ length: 8 }, () => random.pick(ASIN_CHARS)).join('')}`;
      return {
        asin,
        title: `${brand.name} ${product}`,
        url: `https://www.amazon.example/dp/${asin}`,
        rating: (random.between(36, 49) / 10).toFixed(1),
        reviews: random.between(12, 9_800).toLocaleString('en-US'),
        price: `$${random.between(29, 699)}.99`,
      };
    }),
  );
}

const ASIN_CHARS = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ'.split('');
