import type { Scraper } from '../../contracts/scrapers.ts';
import type { HttpReply, ReadyList, ReadyListAnswer } from '../provider.ts';
import { FAMILIES, familyOf } from './families.ts';
import { readFree } from './trouble.ts';
import { isTaskId, objectsOf, parseTime, textOf } from './wire.ts';

/** "Up to 20 API calls per minute. With each API call, you can get 1000 tasks" (tasks_ready). */
const MAX_ROWS = 1_000;

/**
 * SERP families share lists: one for each search engine, and one for all of them. LLM scrapers have a list each. Whether
 * 20 calls a minute count by list or by API is not known, so they are counted by API.
 */
export function listsFor(scrapers: readonly Scraper[], narrow = false): ReadyList[] {
  const wanted = [...new Set(scrapers)];
  const serp = wanted.filter((scraper) => familyOf(scraper).api === 'serp');
  return [
    ...(narrow ? byPath(serp) : fewest(serp)),
    ...byPath(wanted.filter((scraper) => familyOf(scraper).api !== 'serp')),
  ];
}

/** One call: the list of the family, the search engine or everything, whichever is the smallest that shows all. */
function fewest(scrapers: readonly Scraper[]): ReadyList[] {
  const families = scrapers.map(familyOf);
  if (new Set(families.map(({ path }) => path)).size <= 1) return byPath(scrapers);
  const engines = new Set(families.map(({ engine }) => engine));
  const id = engines.size === 1 ? `serp/${[...engines].join('')}` : 'serp';
  return [{ id, family: 'serp', scrapers }];
}

function byPath(scrapers: readonly Scraper[]): ReadyList[] {
  const lists = new Map<string, Scraper[]>();
  for (const scraper of scrapers) {
    const { path } = familyOf(scraper);
    lists.set(path, [...(lists.get(path) ?? []), scraper]);
  }
  return [...lists].map(([id, own]) => ({ id, family: apiOf(id), scrapers: own }));
}

function apiOf(path: string): string {
  return Object.values(FAMILIES).find((family) => family.path === path)?.api ?? '';
}

/** Reads a list of finished tasks. Addresses in it are not used: the vendor's own samples have wrong ones. */
export function readList(reply: HttpReply): ReadyListAnswer {
  const free = readFree(reply);
  if (free.kind !== 'ok') return free;
  const { result } = free.task;
  const tasks = objectsOf(result).flatMap(({ id, tag, date_posted }) => {
    const taskId = textOf(id);
    if (!isTaskId(taskId)) return [];
    const postedAt = parseTime(date_posted);
    return [
      {
        taskId,
        tag: textOf(tag) ?? '',
        ...(postedAt !== undefined && { postedAt: new Date(postedAt).toISOString() }),
      },
    ];
  });
  return { kind: 'listed', tasks, full: Array.isArray(result) && result.length >= MAX_ROWS };
}
