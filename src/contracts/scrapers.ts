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
] as const;
export type Engine = (typeof ENGINES)[number];

export const PROVIDERS = ['scrapellm'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** `provider/engine`, always written in full in output and docs. */
export type Scraper = `${ProviderName}/${Engine}`;

/** Every scraper that can be bought today. A new one is a row here and a row in its provider's table. */
export const SCRAPERS = [
  'scrapellm/chatgpt',
  'scrapellm/perplexity',
  'scrapellm/grok',
  'scrapellm/copilot',
  'scrapellm/gemini',
  'scrapellm/google-ai-mode',
  'scrapellm/amazon-rufus',
] as const satisfies readonly Scraper[];

/** Vendor spellings that people paste; the part after the slash, or the whole name. */
const ENGINE_ALIASES: Record<string, Engine> = {
  chat_gpt: 'chatgpt',
  'chat-gpt': 'chatgpt',
  google_ai_mode: 'google-ai-mode',
  'ai-mode': 'google-ai-mode',
  ai_mode: 'google-ai-mode',
  amazon_rufus: 'amazon-rufus',
  rufus: 'amazon-rufus',
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

/** The two halves of a scraper's name. */
export function splitScraper(scraper: Scraper): { provider: ProviderName; engine: Engine } {
  const [provider, engine] = scraper.split('/') as [ProviderName, Engine]; // proven by the template type
  return { provider, engine };
}
