import type { PageGroups } from '../contracts/page-purchase.ts';
import { parseScraper } from '../contracts/scrapers.ts';
import { providerOf } from '../providers/registry.ts';

/** Those of the scrapers that can be bought many at a time; a workflow cannot ask providers, so it is told. */
export function pageGroupsOf(scrapers: readonly string[]): PageGroups {
  const groups: PageGroups = {};
  for (const name of new Set(scrapers)) {
    const parsed = parseScraper(name);
    const provider = parsed.ok ? providerOf(parsed.scraper) : undefined;
    if (!parsed.ok || !provider?.pages) continue;
    const group = `${provider.name}/${provider.pages.groupOf(parsed.scraper)}`;
    groups[name] = { group, maxTasks: provider.pages.maxTasks };
  }
  return groups;
}
