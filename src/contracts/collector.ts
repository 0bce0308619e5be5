import type { ProviderName, Scraper } from './scrapers.ts';

/** Signal to the collector of an account; every part is optional. It never says less than what was said before. */
export interface Wanted {
  /** Scrapers whose ready lists somebody waits for until this time, ISO 8601. */
  scrapers?: Scraper[];
  until?: string;
  /** A part of the list of purchases in which somebody looks for one whose answer was lost. */
  sweep?: SearchWindow;
}

/** A stretch of a provider's list of purchases. Times are ISO 8601 of our clock, in whole minutes. */
export interface SearchWindow {
  family: string;
  from: string;
  to: string;
}

/** Everything that a collector is wanted for; what it carries over into its next run, and answers to `progress`. */
export interface CollectorWishes {
  /** Until when the lists of a scraper are to be read, ISO 8601. */
  until: Partial<Record<Scraper, string>>;
  sweeps: SearchWindow[];
  /** How many signals came so far, and when the last did, ISO 8601. */
  signals: number;
  lastSignalAt: string;
}

/** The input of `collectorWorkflow`. */
export interface CollectorInput {
  provider: ProviderName;
  /** The account's own name, never `default`: one account has one collector. */
  account: string;
  wishes?: CollectorWishes;
}

/** Scrapers whose lists somebody still waits for. */
export function wantedScrapers(wishes: CollectorWishes, nowMs: number): Scraper[] {
  return everWanted(wishes).filter((scraper) => Date.parse(wishes.until[scraper] ?? '') > nowMs);
}

/** Scrapers whose lists somebody waits for or did, since the lists were last forgotten. */
export function everWanted({ until }: CollectorWishes): Scraper[] {
  return Object.keys(until) as Scraper[]; // the type of its keys
}

/** Until when any list is wanted, milliseconds since the epoch; `-Infinity` if none was. */
export function lastWantedMs({ until }: CollectorWishes): number {
  return Math.max(...Object.values(until).map((time) => Date.parse(time)));
}
