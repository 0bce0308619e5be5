import type { BatchItem } from '../../src/contracts/batch.ts';
import type { Params } from '../../src/contracts/scrape.ts';
import { splitScraper, type ProviderName, type Scraper } from '../../src/contracts/scrapers.ts';
import type { Asked } from '../scale/questions.ts';

/** What is bought, how the simulator's ledger names it, and how long the provider says that it can be fetched. */
interface Kind {
  scraper: Scraper;
  engine: string;
  params?: Params;
  keptHours: number;
  /** Further forms of the result, with their own times. */
  others?: Array<{ variant: string; keptHours: number }>;
}

/** "Jobs are retained for 24 hours after creation" (docs.scrapellm.com, get-job-status). */
const SCRAPELLM_HOURS = 24;
/** docs.dataforseo.com, task_get pages: 30 days, and 7 for HTML. */
const DATAFORSEO_HOURS = 30 * 24;
const HTML_HOURS = 7 * 24;

/** AI answers and result pages of both, as many of one as of the other. */
export const KINDS: readonly Kind[] = [
  { scraper: 'scrapellm/chatgpt', engine: 'chatgpt', keptHours: SCRAPELLM_HOURS },
  { scraper: 'dataforseo/chatgpt', engine: 'chat_gpt', keptHours: DATAFORSEO_HOURS },
  { scraper: 'scrapellm/perplexity', engine: 'perplexity', keptHours: SCRAPELLM_HOURS },
  {
    scraper: 'dataforseo/google-organic',
    engine: 'google_organic',
    params: { variants: 'advanced,html' },
    keptHours: DATAFORSEO_HOURS,
    others: [{ variant: 'html', keptHours: HTML_HOURS }],
  },
  { scraper: 'scrapellm/gemini', engine: 'gemini', keptHours: SCRAPELLM_HOURS },
  { scraper: 'dataforseo/google-ai-overview', engine: 'google_organic', keptHours: DATAFORSEO_HOURS },
  { scraper: 'scrapellm/google-ai-mode', engine: 'google_ai_mode', keptHours: SCRAPELLM_HOURS },
  {
    scraper: 'dataforseo/google-images',
    engine: 'google_images',
    params: { variants: 'html' },
    keptHours: HTML_HOURS,
  },
];

export interface Wanted extends Asked {
  provider: ProviderName;
  kind: Kind;
  item: BatchItem;
}

/** As many of each kind; every prompt is unique, so that the ledger tells the scrapes apart. */
export function wantedOf(scrapes: number, batchId: string): Wanted[] {
  return Array.from({ length: scrapes / KINDS.length }).flatMap((_, n) =>
    KINDS.map((kind, k): Wanted => {
      const { scraper, engine, params } = kind;
      const number = n * KINDS.length + k + 1;
      const id = `q${String(number).padStart(5, '0')}`;
      const prompt = `Question ${number}: which desk lamp would you recommend for a small home office?`;
      return {
        scrapeId: `${batchId}/${id}/${scraper}/1`,
        engine,
        prompt,
        provider: splitScraper(scraper).provider,
        kind,
        item: { id, prompt, scrapers: [scraper], ...(params && { params }) },
      };
    }),
  );
}
