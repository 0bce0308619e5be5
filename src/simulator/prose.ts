import type { Draft } from './draft.ts';
import type { Brand } from './market-data.ts';
import type { Random } from './random.ts';

/** The parts of an answer in reading order; rendered as markdown or as plain text. */
export interface Prose {
  opening: string;
  bullets: { lead: string; text: string; mark: string }[];
  paragraphs: string[];
}

/** Writes 80 to 250 words with a short list; `marks` puts `[1]` after what a source is cited for. */
export function writeProse(draft: Draft, marks: boolean): Prose {
  const { random, topic, brands, sources } = draft;
  let cited = 0;
  const mark = () => (marks && sources.length > 0 ? ` [${(cited++ % sources.length) + 1}]` : '');
  const opening = random.pick(OPENINGS).replaceAll('{topic}', topic.phrase);
  const criteria = shuffled(CRITERIA, random);
  const bullets = [
    ...brands.map((brand) => ({ lead: brand.name, text: praise(brand, random), mark: mark() })),
    ...criteria.slice(0, Math.max(1, 4 - brands.length)).map((each) => ({ ...each, mark: mark() })),
  ];
  const paragraphs = [comparison(brands), random.pick(ADVICE).replaceAll('{topic}', topic.phrase) + mark()];
  return { opening, bullets, paragraphs: [...paragraphs, random.pick(CLOSINGS)] };
}

export function toMarkdown(prose: Prose): string {
  const list = prose.bullets.map((each) => `- **${each.lead}**: ${each.text}${each.mark}`).join('\n');
  return [prose.opening, list, ...prose.paragraphs].join('\n\n');
}

export function toPlainText(prose: Prose): string {
  const list = prose.bullets.map((each) => `${each.lead}: ${each.text}${each.mark}`).join('\n');
  return [prose.opening, list, ...prose.paragraphs].join('\n\n');
}

const OPENINGS = [
  'On “{topic}”, the short answer is that it depends on how many hours a day you sit there and how much daylight you have. These are the points that come up again and again:',
  'People who ask about “{topic}” usually want something that works for years without fuss. Here is what reviewers and owners agree on:',
  'There is no single winner for “{topic}”, but a few names and a few criteria keep coming up. In short:',
  'For “{topic}”, start from the room and the work, and only then look at models. The following is a fair summary of current advice:',
];

const CRITERIA = [
  {
    lead: 'Light quality',
    text: 'a colour rendering index of 90 or more and no visible flicker make long calls easier on the eyes.',
  },
  {
    lead: 'Adjustability',
    text: 'height and angle should change without tools, and stay where you leave them.',
  },
  {
    lead: 'Footprint',
    text: 'measure the depth of the desk first; clamps save more room than weighted bases.',
  },
  { lead: 'Noise', text: 'a motorised frame under 45 decibels will not be heard on a call.' },
  { lead: 'Service', text: 'check that spare parts are sold and that the warranty covers the electronics.' },
];

const ADVICE = [
  'If you are still undecided about “{topic}”, try the one with the longer return period first, because comfort shows only after a week of normal work.',
  'Before you decide on “{topic}”, write down the two things that annoy you today and judge every option by those two alone.',
  'Prices around “{topic}” move a good deal over the year, so it pays to wait for a seasonal sale unless you need it now.',
];

const CLOSINGS = [
  'If you tell me your budget and the size of the room, I can narrow this down.',
  'All of this is general advice; your own room decides.',
  'Check current stock and prices before you order.',
];

function praise(brand: Brand, random: Random): string {
  const product = random.pick(brand.products);
  return random.pick([
    `the ${product} is often recommended for ${brand.strength}.`,
    `reviewers like the ${product}; they mention ${brand.strength}.`,
    `known for ${brand.strength}, above all in the ${product}.`,
  ]);
}

function comparison(brands: Brand[]): string {
  const [first, second] = brands;
  if (!first) return 'None of the large makers stands out here, so compare the specifications line by line.';
  if (!second) return `Among the makers, ${first.name} is the one that most sources name.`;
  return `Between the makers, ${first.name} is named first more often, with ${second.name} close behind for smaller budgets.`;
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, rank: random.next() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
