import type { BatchInput } from '../../../src/contracts/batch.ts';
import { SCRAPERS } from '../../../src/contracts/scrapers.ts';
import type { Random } from '../../../src/simulator/random.ts';

/** A scrape as it was asked for. Its mark is in its prompt and in its id, and nowhere else. */
export interface Asked {
  mark: string;
  scrapeId: string;
  scraper: string;
  batch: string;
}

/** A batch as it was asked for. */
export interface AskedBatch {
  input: BatchInput;
  scrapes: Asked[];
  /** Micro-USD and credits that it may cost at most. */
  ceiling?: { credits?: number; usdMicros?: number };
}

/** Marks are letters and digits, so that they look the same in a JSON body and in a query. */
export const MARK = /mk[0-9a-z]+x[0-9]{6}z/g;

/** A batch whose every prompt has a mark of its own. Every third one has a ceiling that cannot pay for everything. */
export function askBatch(seed: string, nth: number, size: number, random: Random): AskedBatch {
  const name = `chaos-${nth}`;
  const label = seed.toLowerCase().replaceAll(/[^0-9a-z]/g, '');
  const scrapes = Array.from({ length: size }, (_, k): Asked => {
    const mark = `mk${label}x${String(nth * 1_000 + k).padStart(6, '0')}z`;
    const scraper = random.pick(SCRAPERS);
    return { mark, scraper, batch: `batch/${name}`, scrapeId: `batch/${name}/${mark}/${scraper}/1` };
  });
  const input: BatchInput = {
    name,
    window: 40,
    maxSubmissions: random.pick([1, 2, 3]),
    onUnknown: random.pick(['fail', 'resubmit']),
    prompts: scrapes.map(({ mark, scraper }) => ({
      id: mark,
      prompt: `Which kettle is best for room ${mark}?`,
      scrapers: [scraper],
    })),
  };
  if (nth % 3 !== 0) return { input, scrapes };
  const credits = Math.max(3, Math.round(size * random.between(4, 9) * 0.1) * 3);
  // Somebody starts a terminated scrape by itself again, which has no ceiling: what may buy once more is not capped.
  return {
    input: { ...input, maxSubmissions: 1, maxCredits: credits, maxUsd: (size * 900) / 1e6 },
    scrapes,
    ceiling: { credits, usdMicros: size * 900 },
  };
}
