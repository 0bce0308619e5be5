import type { Scraper } from '../contracts/scrapers.ts';
import type { ReadyList, ReadyListProtocol } from '../providers/provider.ts';

/**
 * Which lists a collector reads next: in each family the one that was read longest ago. A list that is full and shows
 * nothing of ours is replaced by smaller ones, and where there are none it is read once a minute: its tasks are found by
 * the looks of their scrapes.
 */
export class ListPlan {
  readonly #protocol: ReadyListProtocol;
  readonly #leastGapMs: number;
  readonly #crowded = new Set<string>();
  readonly #readAt = new Map<string, number>();

  /** `posted`: results are posted to us, and lists show what could not be: each is read once a minute then. */
  constructor(protocol: ReadyListProtocol, posted = false) {
    this.#protocol = protocol;
    this.#leastGapMs = posted ? REST_MS : 0;
  }

  /** The lists for one round, one a family at most. */
  next(scrapers: readonly Scraper[], nowMs: number): ReadyList[] {
    const picked = new Map<string, ReadyList>();
    for (const list of this.#lists(scrapers)) {
      if (this.#isResting(list, nowMs)) continue;
      const other = picked.get(list.family);
      if (!other || this.#lastRead(list) < this.#lastRead(other)) picked.set(list.family, list);
    }
    for (const { id } of picked.values()) this.#readAt.set(id, nowMs);
    return [...picked.values()];
  }

  /** What was seen in a list: how many tasks that a scrape of ours waits for, and whether it may hide others. */
  seen(list: ReadyList, awaited: number, full: boolean): void {
    if (full && awaited === 0) this.#crowded.add(list.id);
    else this.#crowded.delete(list.id);
  }

  #lists(scrapers: readonly Scraper[]): ReadyList[] {
    return this.#protocol
      .listsFor(scrapers)
      .flatMap((list) =>
        this.#crowded.has(list.id) ? this.#protocol.listsFor(list.scrapers, true) : [list],
      );
  }

  #isResting(list: ReadyList, nowMs: number): boolean {
    const gapMs = this.#crowded.has(list.id) ? REST_MS : this.#leastGapMs;
    return nowMs - this.#lastRead(list) < gapMs;
  }

  #lastRead({ id }: ReadyList): number {
    return this.#readAt.get(id) ?? Number.NEGATIVE_INFINITY;
  }
}

const REST_MS = 60_000;
