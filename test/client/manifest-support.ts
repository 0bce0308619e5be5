import type { ManifestContext } from '../../src/client/manifest-item.ts';
import { readManifest } from '../../src/client/manifest.ts';
import { formatProblem } from '../../src/contracts/schemas/problems.ts';
import type { Scraper } from '../../src/contracts/scrapers.ts';
import type { ParamSpec } from '../../src/providers/provider.ts';

/** A small catalog of our own, so that these tests do not change with the vendor's. */
const PARAMS: Partial<Record<Scraper, Record<string, ParamSpec>>> = {
  'scrapellm/chatgpt': {
    bypass_cache: { type: 'boolean', description: '' },
    timeout: { type: 'number', min: 10, max: 600, description: '' },
  },
  'scrapellm/perplexity': { web_search: { type: 'boolean', description: '' } },
  'scrapellm/grok': { mode: { type: 'string', values: ['1', 'true'], description: '' } },
};

export function params(scraper: Scraper): Record<string, ParamSpec> {
  return PARAMS[scraper] ?? {};
}

const context: ManifestContext = { scrapers: ['scrapellm/chatgpt', 'scrapellm/perplexity'], params };

/** Reads a text as the file of that name. */
export function read(
  text: string,
  fileName = 'prompts.csv',
  using = context,
): ReturnType<typeof readManifest> {
  return readManifest(new TextEncoder().encode(text), fileName, using);
}

/** The problems as they are printed; none if the file is fine. */
export function problemsOf(text: string, fileName = 'prompts.csv', using = context): string[] {
  const result = read(text, fileName, using);
  return result.ok ? [] : result.problems.map(formatProblem);
}
