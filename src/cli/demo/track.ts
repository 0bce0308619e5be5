import type { Submission } from '../../contracts/journal.ts';
import { isSuccess } from '../../contracts/outcomes.ts';
import type { ScrapeRecord } from '../../contracts/scrape.ts';
import type { Store, StoredPage } from '../../store/store.ts';

/** Where the scrapes of one scraper stand. */
export interface EngineProgress {
  scraper: string;
  total: number;
  /** Collected, the answer is in the store. */
  done: number;
  /** Ended in another way. */
  other: number;
  /** Paid for, the answer is not in yet. */
  waiting: number;
}

export interface Tracker {
  /** Reads the store. */
  look(): Promise<EngineProgress[]>;
  /** Whether any purchase has begun whose answer is not on record: a kill now could leave it unknown. */
  hasOpenPurchase(): Promise<boolean>;
}

/** Follows a batch in the store, which knows first what was paid for and what came in. */
export function trackBatch(store: Store, rows: StoredPage): Tracker {
  const records = new Map<string, ScrapeRecord>();
  const readOpen = async (): Promise<Map<string, Submission[]>> => {
    const open = new Map<string, Submission[]>();
    const read = async (scrapeId: string): Promise<void> => {
      const record = await store.records.read(scrapeId);
      if (record) records.set(scrapeId, record);
      else open.set(scrapeId, await store.journal.readAll(scrapeId));
    };
    const ids = rows.map(({ scrapeId }) => scrapeId);
    await Promise.all(ids.filter((scrapeId) => !records.has(scrapeId)).map(read));
    return open;
  };
  return {
    async look() {
      const open = await readOpen();
      const engines = new Map<string, EngineProgress>();
      for (const { scrapeId, input } of rows) {
        const { scraper } = input;
        const engine = engines.get(scraper) ?? { scraper, total: 0, done: 0, other: 0, waiting: 0 };
        engines.set(scraper, engine);
        engine.total += 1;
        const record = records.get(scrapeId);
        if (record) engine[isSuccess(record.outcome) ? 'done' : 'other'] += 1;
        else if (open.get(scrapeId)?.some(({ receipt }) => receipt)) engine.waiting += 1;
      }
      return [...engines.values()];
    },
    async hasOpenPurchase() {
      const open = await readOpen();
      return [...open.values()].some((submissions) => submissions.some(isOpen));
    },
  };
}

function isOpen({ intent, receipt, refused, unknown }: Submission): boolean {
  return !intent.withdrawn && !receipt && !refused && !unknown;
}

/** The sum over all engines. */
export function addUp(engines: readonly EngineProgress[]): Omit<EngineProgress, 'scraper'> {
  const sum = { total: 0, done: 0, other: 0, waiting: 0 };
  for (const { total, done, other, waiting } of engines) {
    sum.total += total;
    sum.done += done;
    sum.other += other;
    sum.waiting += waiting;
  }
  return sum;
}
