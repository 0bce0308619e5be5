import { BRANDS, SOURCES, TASTES, type Brand } from './market-data.ts';
import { randomStream, type Random } from './random.ts';
import { topicOf, type Topic } from './topic.ts';
import type { VendorScraper } from './vendor-scrapers.ts';

/** What an answer says before any engine's format: which brands, in which order, citing what. */
export interface Draft {
  topic: Topic;
  brands: Brand[];
  sources: DraftSource[];
  random: Random;
}

export interface DraftSource {
  url: string;
  domain: string;
  siteName: string;
  title: string;
  snippet: string;
}

/** What an answer depends on; a job is one. */
export interface Question {
  request: { scraper: VendorScraper; country: string };
  answer: { prompt: string; sample: number };
}

/**
 * Decides the content of a job's answer from seed, scraper, prompt, country and sample alone. The prompt's own streams
 * make engines agree in part: the same prompt favours the same brands and sources everywhere.
 */
export function draftAnswer(seed: string, job: Question): Draft {
  const { scraper, country } = job.request;
  const { prompt, sample } = job.answer;
  const topic = topicOf(prompt);
  const random = randomStream(seed, 'answer', scraper, prompt, country, sample);
  const brands = nameBrands(seed, job, random);
  return { topic, brands, sources: citeSources(seed, job, brands, topic, random), random };
}

function nameBrands(seed: string, job: Question, random: Random): Brand[] {
  const { scraper } = job.request;
  const { prompt } = job.answer;
  const named = BRANDS.map((brand) => {
    const liking = randomStream(seed, 'brand', prompt, brand.name).next();
    const asked = prompt.toLowerCase().includes(brand.name.toLowerCase());
    const probability = Math.min(
      0.97,
      Math.max(0.03, 0.1 + 0.75 * liking + TASTES[scraper].brands[brand.name]),
    );
    const mentioned = random.chance(probability) || asked;
    return { brand, mentioned, rank: probability + 0.4 * random.next() };
  });
  return named
    .filter((each) => each.mentioned)
    .sort((a, b) => b.rank - a.rank)
    .map((each) => each.brand);
}

function citeSources(
  seed: string,
  job: Question,
  brands: Brand[],
  topic: Topic,
  random: Random,
): DraftSource[] {
  const { scraper, country } = job.request;
  const { prompt } = job.answer;
  const taste = TASTES[scraper];
  const count = random.between(taste.citations.min, taste.citations.max);
  const ranked = SOURCES.map((source) => {
    const relevance = randomStream(seed, 'source', prompt, source.domain).next() ** 3;
    const own = brands.some((brand) => brand.domain === source.domain) ? 2 : 1;
    const weight = relevance * (taste.kinds[source.kind] ?? 1) * (source.kind === 'maker' ? own : 1);
    // Weighted sampling without replacement: the largest u^(1/w) win (Efraimidis and Spirakis).
    return { source, rank: random.next() ** (1 / Math.max(weight, 1e-6)) };
  });
  return ranked
    .sort((a, b) => b.rank - a.rank)
    .slice(0, count)
    .map(({ source }) =>
      describeSource(source, topic, country, randomStream(seed, 'page', prompt, source.domain)),
    );
}

const PAGE_TITLES = [
  (topic: Topic) => `${capital(topic.word)}: what to look for`,
  (topic: Topic) => `We compared the options for “${topic.phrase}”`,
  (topic: Topic) => `A plain guide to “${topic.phrase}”`,
  (topic: Topic) => `${capital(topic.word)} in daily use`,
];

function describeSource(
  source: (typeof SOURCES)[number],
  topic: Topic,
  country: string,
  random: Random,
): DraftSource {
  const folder = random.pick(['guides', 'reviews', 'stories', 'threads']);
  return {
    url: `https://${source.domain}/${country.toLowerCase()}/${folder}/${topic.slug}`,
    domain: source.domain,
    siteName: source.name,
    title: `${random.pick(PAGE_TITLES)(topic)} | ${source.name}`,
    snippet: `${source.name} on ${topic.phrase}: ${random.pick(SNIPPETS)}`,
  };
}

const SNIPPETS = [
  'light that does not flicker matters more than peak brightness.',
  'the frame and the warranty tell more than the finish.',
  'most readers keep the one that they can adjust without tools.',
  'what to measure before you buy, and what you can ignore.',
];

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
