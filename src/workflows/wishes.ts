import type { CollectorWishes, SearchWindow, Wanted } from '../contracts/collector.ts';
import { wantedScrapers } from '../contracts/collector.ts';
import { SCRAPERS } from '../contracts/scrapers.ts';
import type { Scraper } from '../contracts/scrapers.ts';

/** What a collector is wanted for, added up from its signals. */
export class Wishes {
  #state: CollectorWishes;

  constructor(carriedOver?: CollectorWishes) {
    this.#state = carriedOver ?? { until: {}, sweeps: [], signals: 0, lastSignalAt: '' };
  }

  get state(): CollectorWishes {
    return this.#state;
  }

  /** A signal may be typed by hand, so what cannot be read in it is left out. */
  add(wanted: Wanted, nowMs: number): void {
    const { until, sweeps, signals } = this.#state;
    const untilMs = Date.parse(wanted?.until ?? '');
    const scrapers = Array.isArray(wanted?.scrapers) ? wanted.scrapers.filter(isScraper) : [];
    const later = Object.fromEntries(
      scrapers
        .filter((scraper) => untilMs > (Date.parse(until[scraper] ?? '') || nowMs))
        .map((scraper) => [scraper, new Date(untilMs).toISOString()]),
    );
    const sweep = isWindow(wanted?.sweep) ? [wanted.sweep] : [];
    this.#state = {
      until: { ...until, ...later },
      sweeps: mergeWindows([...sweeps, ...sweep]),
      signals: signals + 1,
      lastSignalAt: new Date(nowMs).toISOString(),
    };
  }

  /** Whether somebody waits for a ready list. */
  isListing(nowMs: number): boolean {
    return wantedScrapers(this.#state, nowMs).length > 0;
  }

  /** All that is to be swept in one family: one sweep answers all who wait for it. */
  nextSweep(): { family: string; windows: SearchWindow[] } | undefined {
    const family = this.#state.sweeps[0]?.family;
    if (family === undefined) return undefined;
    return { family, windows: this.#state.sweeps.filter((window) => window.family === family) };
  }

  swept(windows: readonly SearchWindow[]): void {
    const done = new Set(windows.map(keyOf));
    this.#state = {
      ...this.#state,
      sweeps: this.#state.sweeps.filter((window) => !done.has(keyOf(window))),
    };
  }

  /** Nobody waits for a list any more. */
  forgetLists(): void {
    this.#state = { ...this.#state, until: {} };
  }
}

function isScraper(scraper: unknown): scraper is Scraper {
  return SCRAPERS.some((known) => known === scraper);
}

function isWindow(window: SearchWindow | undefined): window is SearchWindow {
  return typeof window?.family === 'string' && Date.parse(window.from) < Date.parse(window.to);
}

function keyOf({ family, from, to }: SearchWindow): string {
  return `${family} ${from} ${to}`;
}

/** The fewest windows that cover these, each family for itself: windows that touch become one. */
export function mergeWindows(windows: readonly SearchWindow[]): SearchWindow[] {
  const merged: SearchWindow[] = [];
  for (const window of windows.toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from))) {
    const before = merged.findLast(({ family }) => family === window.family);
    if (before && Date.parse(window.from) <= Date.parse(before.to)) {
      if (Date.parse(window.to) > Date.parse(before.to)) before.to = window.to;
    } else merged.push({ ...window });
  }
  return merged;
}
