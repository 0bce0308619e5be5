import { nearest } from './nearest.ts';

/** What answers the prompt: an AI assistant or a kind of result page. One vocabulary over all providers. */
export const ENGINES = [
  'chatgpt',
  'perplexity',
  'grok',
  'copilot',
  'gemini',
  'google-ai-mode',
  'amazon-rufus',
  'google-organic',
  'google-ai-overview',
  'google-images',
  'google-news',
  'google-maps',
  'bing-organic',
] as const;
export type Engine = (typeof ENGINES)[number];

export const PROVIDERS = ['scrapellm', 'dataforseo'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** Every scraper that can be bought today. A new one is a row here and a row in its provider's table. */
export const SCRAPERS = [
  'scrapellm/chatgpt',
  'scrapellm/perplexity',
  'scrapellm/grok',
  'scrapellm/copilot',
  'scrapellm/gemini',
  'scrapellm/google-ai-mode',
  'scrapellm/amazon-rufus',
  'dataforseo/gemini',
  'dataforseo/chatgpt',
  'dataforseo/google-organic',
  'dataforseo/google-ai-overview',
  'dataforseo/google-ai-mode',
  'dataforseo/google-images',
  'dataforseo/google-news',
  'dataforseo/google-maps',
  'dataforseo/bing-organic',
] as const satisfies ReadonlyArray<`${ProviderName}/${Engine}`>;

/** `provider/engine`, always written in full in output and docs. */
export type Scraper = (typeof SCRAPERS)[number];

/** Everything that can be bought of one provider. */
export function scrapersOf(provider: ProviderName): Scraper[] {
  return SCRAPERS.filter((scraper) => splitScraper(scraper).provider === provider);
}

/** The engines that a provider offers. */
export type EngineOf<P extends ProviderName> = EngineIn<Scraper, P>;
type EngineIn<S extends Scraper, P extends ProviderName> = S extends `${P}/${infer E extends Engine}`
  ? E
  : never;

/** Vendor spellings that people paste; the part after the slash, or the whole name. */
const ENGINE_ALIASES: Record<string, Engine> = {
  chat_gpt: 'chatgpt',
  'chat-gpt': 'chatgpt',
  google_ai_mode: 'google-ai-mode',
  'ai-mode': 'google-ai-mode',
  ai_mode: 'google-ai-mode',
  amazon_rufus: 'amazon-rufus',
  rufus: 'amazon-rufus',
  google_organic: 'google-organic',
  organic: 'google-organic',
  google_ai_overview: 'google-ai-overview',
  'ai-overview': 'google-ai-overview',
  ai_overview: 'google-ai-overview',
  google_images: 'google-images',
  images: 'google-images',
  google_news: 'google-news',
  news: 'google-news',
  google_maps: 'google-maps',
  maps: 'google-maps',
  bing_organic: 'bing-organic',
  bing: 'bing-organic',
};

export type ParsedScraper = { ok: true; scraper: Scraper } | { ok: false; message: string };

/** Resolves a scraper name or alias; the message of a miss offers the nearest name and lists all of them. */
export function parseScraper(text: string): ParsedScraper {
  const [provider, engine, ...rest] = text.trim().toLowerCase().split('/');
  const canonical = `${provider}/${aliasOf(engine)}`;
  const found = rest.length === 0 ? SCRAPERS.find((scraper) => scraper === canonical) : undefined;
  if (found) return { ok: true, scraper: found };
  const near =
    nearest(canonical, SCRAPERS) ?? SCRAPERS.find((scraper) => scraper.endsWith(`/${aliasOf(provider)}`));
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  return { ok: false, message: `unknown scraper "${text}".${hint} Known: ${SCRAPERS.join(', ')}` };
}

/** An engine's own name for a vendor's spelling of it. */
function aliasOf(engine: string | undefined): string | undefined {
  return ENGINE_ALIASES[engine ?? ''] ?? engine;
}

/** Engines that answer with a page of results: entries with places, and no words of their own. */
const RESULT_PAGES: ReadonlySet<string> = new Set<Engine>([
  'google-organic',
  'google-images',
  'google-news',
  'google-maps',
  'bing-organic',
]);

/** Whether a scraper brings pages of results, and not what an assistant or an overview says. */
export function isResultPage(scraper: string): boolean {
  return RESULT_PAGES.has(scraper.split('/').at(-1) ?? '');
}

/** The two halves of a scraper's name. */
export function splitScraper(scraper: Scraper): { provider: ProviderName; engine: Engine } {
  const [provider, engine] = scraper.split('/') as [ProviderName, Engine]; // proven by the template type
  return { provider, engine };
}
