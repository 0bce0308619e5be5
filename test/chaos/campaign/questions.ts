import type { BatchInput, BatchItem } from '../../../src/contracts/batch.ts';
import { SCRAPERS } from '../../../src/contracts/scrapers.ts';
import type { Scraper } from '../../../src/contracts/scrapers.ts';
import type { Random } from '../../../src/simulator/random.ts';

/** A scrape as it was asked for. Its mark is in its prompt and in its id, and nowhere else. */
export interface Asked {
  mark: string;
  scrapeId: string;
  scraper: string;
  batch: string;
  /** What was asked for beside the prompt. */
  params?: Params;
  /** Micro-USD and credits that one purchase of it may cost at most. */
  limit?: Money;
}

type Params = Record<string, string | number>;
type Money = { credits?: number; usdMicros?: number };

/** A batch as it was asked for. */
export interface AskedBatch {
  input: BatchInput;
  scrapes: Asked[];
  /** Micro-USD and credits that it may cost at most. */
  ceiling?: Money;
}

/** Marks are letters and digits, so that they look the same in a JSON body and in a query. */
export const MARK = /mk[0-9a-z]+x[0-9]{6}z/g;

/** How `maxCharge` says a limit. The first is too little for a page with an AI overview, for a second page and for priority. */
const LIMITS: ReadonlyArray<readonly [text: string, limit: Money]> = [
  ['$0.0006 + 3 credits', { usdMicros: 600, credits: 3 }],
  ['$0.01 + 5 credits', { usdMicros: 10_000, credits: 5 }],
];

/** More than one page of it: of ten results, of a hundred. */
const DEPTHS: Partial<Record<Scraper, readonly number[]>> = {
  'dataforseo/google-organic': [20, 30],
  'dataforseo/google-news': [20, 40],
  'dataforseo/google-images': [200],
};
const WITHOUT_HTML: readonly Scraper[] = ['dataforseo/google-maps'];

/** Parameters of DataForSEO that change the price or what is collected; of most prompts none. */
function drawParams(scraper: Scraper, random: Random): Params | undefined {
  if (!scraper.startsWith('dataforseo/') || random.chance(0.6)) return undefined;
  const depths = DEPTHS[scraper];
  const params: Params = {
    ...(random.chance(0.4) && { priority: 2 }),
    ...(depths && random.chance(0.6) && { depth: random.pick(depths) }),
    ...(!WITHOUT_HTML.includes(scraper) && random.chance(0.3) && { variants: 'advanced,html' }),
  };
  return Object.keys(params).length > 0 ? params : undefined;
}

/** A batch whose every prompt has a mark of its own. Every third one has a ceiling that cannot pay for everything. */
export function askBatch(seed: string, nth: number, size: number, random: Random): AskedBatch {
  const name = `chaos-${nth}`;
  const label = seed.toLowerCase().replaceAll(/[^0-9a-z]/g, '');
  const items: BatchItem[] = [];
  const scrapes = Array.from({ length: size }, (_, k): Asked => {
    const mark = `mk${label}x${String(nth * 1_000 + k).padStart(6, '0')}z`;
    const scraper = random.pick(SCRAPERS);
    const params = drawParams(scraper, random);
    const [maxCharge, limit] = random.chance(0.1) ? random.pick(LIMITS) : [];
    items.push({
      id: mark,
      prompt: `Which kettle is best for room ${mark}?`,
      scrapers: [scraper],
      ...(params && { params }),
      ...(maxCharge !== undefined && { maxCharge }),
    });
    return {
      mark,
      scraper,
      batch: `batch/${name}`,
      scrapeId: `batch/${name}/${mark}/${scraper}/1`,
      ...(params && { params }),
      ...(limit && { limit }),
    };
  });
  const input: BatchInput = {
    name,
    window: 40,
    maxSubmissions: random.pick([1, 2, 3]),
    onUnknown: random.pick(['fail', 'resubmit']),
    prompts: items,
  };
  if (nth % 3 !== 0) return { input, scrapes };
  const credits = Math.max(3, Math.round(size * random.between(4, 9) * 0.1) * 3);
  // Somebody starts a terminated scrape by itself again, which has no ceiling: what may buy once more is not capped.
  return underCeiling(
    { input: { ...input, maxSubmissions: 1 }, scrapes },
    { credits, usdMicros: size * 900 },
  );
}

/** The same batch with this ceiling. */
export function underCeiling(batch: AskedBatch, ceiling: { credits: number; usdMicros: number }): AskedBatch {
  const { credits: maxCredits, usdMicros } = ceiling;
  return { ...batch, input: { ...batch.input, maxCredits, maxUsd: usdMicros / 1e6 }, ceiling };
}
