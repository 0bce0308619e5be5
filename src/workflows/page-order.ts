import type { PageGroups } from '../contracts/page-purchase.ts';
import type { ScrapeInput } from '../contracts/scrape.ts';

/** Which scrapes may share a call: those with the same key. */
export interface PageKind {
  key: string;
  /** How many of them go into one call. */
  size: number;
}

/** How the rows of a partition are bought; pure. */
export interface PageOrder<R> {
  /** The rows by turns, so that no scraper waits for another one's rows to be through. */
  rows: R[];
  /** Undefined for a row that is bought by itself. */
  kindOf: (input: ScrapeInput) => PageKind | undefined;
}

/**
 * Lays out rows for a window of so many scrapes at once: groups take turns, and a turn is one page, at most the group's
 * share of the window. Without groups the order stays as it is.
 */
export function pageOrder<R extends { input: ScrapeInput }>(
  rows: readonly R[],
  groups: PageGroups | undefined,
  window: number,
): PageOrder<R> {
  if (!groups) return { rows: [...rows], kindOf: () => undefined };
  const keyOf = ({ scraper, account = '' }: ScrapeInput): string => {
    const group = groups[scraper]?.group;
    return group === undefined ? '' : `${group} ${account}`;
  };
  const queues = new Map<string, R[]>();
  for (const row of rows) {
    const key = keyOf(row.input);
    queues.set(key, [...(queues.get(key) ?? []), row]);
  }
  const share = Math.max(1, Math.floor(window / Math.max(1, queues.size)));
  const sizeOf = ({ scraper }: ScrapeInput): number => Math.min(share, groups[scraper]?.maxTasks ?? share);
  return {
    rows: byTurns([...queues.values()], (queue) => (queue[0] ? sizeOf(queue[0].input) : 1)),
    kindOf: (input) => {
      const key = keyOf(input);
      const size = sizeOf(input);
      return key === '' || size < 2 ? undefined : { key, size };
    },
  };
}

function byTurns<R>(queues: R[][], sizeOf: (queue: R[]) => number): R[] {
  const ordered: R[] = [];
  for (let waiting = queues; waiting.length > 0; waiting = waiting.filter((queue) => queue.length > 0)) {
    for (const queue of waiting) ordered.push(...queue.splice(0, sizeOf(queue)));
  }
  return ordered;
}
