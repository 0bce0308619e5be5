import type { Charge } from './money.ts';
import type { Params } from './scrape.ts';
import type { Scraper } from './scrapers.ts';

/**
 * What an assistant or a result page answered, in one shape over all scrapers. `null` means that this scraper does not offer the field;
 * an empty list means that it does and had nothing to say.
 */
export interface Answer {
  scraper: Scraper;
  prompt: string;
  market: string;
  params: Params;
  /** Markdown if the scraper gives it, else plain text. */
  text: string;
  citations: Citation[] | null;
  /** The searches that the assistant ran. */
  fanOutQueries: string[] | null;
  /** Questions that it proposes next; these are not searches that were run. */
  followUps: string[] | null;
  products: Product[] | null;
  /** What a result page lists, in its own order. */
  ranks: RankedItem[] | null;
  model: string | null;
  /** Whether the provider served it from its cache; `null` if it does not say. */
  cached: boolean | null;
  charge: Charge;
}

export interface Citation {
  url: string;
  /** Host of the URL without `www.`; empty if the URL cannot be read. */
  domain: string;
  title?: string;
  snippet?: string;
  siteName?: string;
}

export interface Product {
  id?: string;
  title?: string;
  url?: string;
  rating?: number;
  reviews?: number;
}

/** One entry of a result page. */
export interface RankedItem {
  /** Its place on the page over all types of entries, from 1; an entry inside another one has that one's place. */
  rank: number;
  /** The provider's word for what it is, such as `organic`, `images_search`; new words appear without notice. */
  type: string;
  url?: string;
  /** Host of the URL without `www.`, or as the provider gives it. */
  domain?: string;
  title?: string;
  description?: string;
  /** The picture's own address, of an image. */
  imageUrl?: string;
  /** The entry as it came, if its type is one that Gleaner does not know. */
  raw?: unknown;
}
