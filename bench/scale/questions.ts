import type { ScaleProvider } from './provider.ts';

/** A scrape of the batch as it was asked for: everything is checked against these. */
export interface Asked {
  scrapeId: string;
  /** How the simulator's ledger names the engine. */
  engine: string;
  prompt: string;
}

export const BATCH_NAME = 'scale';
export const BATCH_ID = `batch/${BATCH_NAME}`;

/** One prompt to every scraper; its text is unique, so that the simulator's ledger tells the scrapes apart. */
export function questionsOf(
  scrapes: number,
  { scrapers, keyOf }: Pick<ScaleProvider, 'scrapers' | 'keyOf'>,
): {
  items: Array<{ id: string; prompt: string }>;
  asked: Asked[];
} {
  const items = Array.from({ length: scrapes / scrapers.length }, (_, n) => ({
    id: `q${String(n + 1).padStart(5, '0')}`,
    prompt: promptOf(`Question ${n + 1}`),
  }));
  const asked = items.flatMap(({ id, prompt }) =>
    scrapers.map((scraper) => ({
      scrapeId: `${BATCH_ID}/${id}/${scraper}/1`,
      engine: keyOf(scraper),
      prompt,
    })),
  );
  return { items, asked };
}

/** The one that is started by itself while the batch runs. */
export const SINGLE = {
  scrapeId: 'scale/single',
  scraper: 'scrapellm/chatgpt',
  engine: 'chatgpt',
  prompt: promptOf('A question in between'),
} as const;

/** As long as a marketer's question with its context is. */
function promptOf(beginning: string): string {
  return (
    `${beginning}: which desk lamp would you recommend for a small home office with little daylight, ` +
    'if it should cost less than 80 dollars, be dimmable, need little room on the desk and last for ten years? ' +
    'Please name brands and say why.'
  );
}
