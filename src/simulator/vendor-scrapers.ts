/** Scraper names as they stand in the vendor's paths; see docs.scrapellm.com, guides/async-jobs. */
export const VENDOR_SCRAPERS = [
  'chatgpt',
  'perplexity',
  'grok',
  'copilot',
  'gemini',
  'google_ai_mode',
  'amazon_rufus',
] as const;
export type VendorScraper = (typeof VENDOR_SCRAPERS)[number];

/** Every scraper costs this many credits; docs.scrapellm.com, guides/credits-and-limits. */
export const PRICE_CREDITS = 3;

/** Scrapers that refuse Japan and Taiwan: documented for three, seen in client code for copilot. */
export const REFUSES_JP_TW: readonly VendorScraper[] = ['gemini', 'google_ai_mode', 'grok', 'copilot'];

/** Values of `mode`, the first being the default; other scrapers have none. */
export const MODES: Partial<Record<VendorScraper, readonly string[]>> = {
  grok: ['MODEL_MODE_AUTO', 'MODEL_MODE_FAST', 'MODEL_MODE_EXPERT'],
  copilot: ['search', 'smart', 'chat', 'reasoning', 'study'],
};

export function isVendorScraper(name: string): name is VendorScraper {
  return (VENDOR_SCRAPERS as readonly string[]).includes(name);
}
