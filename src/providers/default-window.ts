import { DEFAULT_PAGE_WINDOW, DEFAULT_WINDOW } from '../contracts/defaults.ts';
import { parseScraper } from '../contracts/scrapers.ts';
import { providerOf } from './registry.ts';

/** Scrapes of a batch that are open at once if its input does not say; `scrapers` are those of its scrapes. */
export function defaultWindow(scrapers: readonly string[]): number {
  const areAllByPage = [...new Set(scrapers)].every((name) => {
    const parsed = parseScraper(name);
    return parsed.ok && providerOf(parsed.scraper).pages !== undefined;
  });
  return areAllByPage ? DEFAULT_PAGE_WINDOW : DEFAULT_WINDOW;
}
