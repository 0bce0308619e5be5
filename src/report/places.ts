import type { RankedItem } from '../contracts/answer.ts';
import type { MentionFinder } from './mentions.ts';

/** Best places on a page of results, by brand and by website; what is not on the page is not in the maps. */
export interface Places {
  names: ReadonlyMap<string, number>;
  domains: ReadonlyMap<string, number>;
}

/** Finds who is where: an entry belongs to the names in its title or description, and to its website. */
export function placesOf(ranks: readonly RankedItem[], find: MentionFinder): Places {
  const names = new Map<string, number>();
  const domains = new Map<string, number>();
  for (const item of ranks) {
    const mentions = [item.title, item.description].flatMap((text) => find(text ?? ''));
    for (const { name } of mentions) keepBest(names, name, item.rank);
    if (item.domain !== undefined && item.domain !== '') keepBest(domains, item.domain, item.rank);
  }
  return { names, domains };
}

/** Result pages with an entry that names it. */
export function placing<T extends { places?: Places }>(results: readonly T[], name: string): T[] {
  return results.filter((one) => one.places?.names.has(name));
}

/** The best place of a brand or website on any of the pages; undefined if it is on none. */
export function bestPlace(
  results: ReadonlyArray<{ places?: Places }>,
  kind: keyof Places,
  key: string,
): number | undefined {
  const places = results.flatMap((one) => one.places?.[kind].get(key) ?? []);
  return places.length === 0 ? undefined : Math.min(...places);
}

function keepBest(places: Map<string, number>, key: string, rank: number): void {
  places.set(key, Math.min(rank, places.get(key) ?? rank));
}
