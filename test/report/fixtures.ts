import { createHash } from 'node:crypto';
import type { Answer } from '../../src/contracts/answer.ts';
import type { BatchRecord, Manifest } from '../../src/contracts/batch.ts';
import type { Failure } from '../../src/contracts/failures.ts';
import { batchScrapeId } from '../../src/contracts/ids.ts';
import type { Submission } from '../../src/contracts/journal.ts';
import type { Charge } from '../../src/contracts/money.ts';
import type { Outcome } from '../../src/contracts/outcomes.ts';
import type { ScrapeInput, ScrapeRecord } from '../../src/contracts/scrape.ts';
import { isResultPage, SCRAPERS, scrapersOf, type Scraper } from '../../src/contracts/scrapers.ts';
import { StoreError } from '../../src/store/store-error.ts';
import type { Store, StoredPage } from '../../src/store/store.ts';
import { answerFor } from './answers.ts';
import { pageFor } from './result-pages.ts';
import { PROMPTS } from './prompts.ts';

export const BATCH = 'batch/trail-shoes';
export const BRANDS = { brand: 'Lumora', rivals: ['Brightwell', 'Kestrel Labs', 'Nordvane'] };
export const STARTED = new Date('2026-11-16T09:00:00Z');

/** What a test puts into a batch; everything else of a store is not needed to make a report. */
export interface Shelf {
  manifest: Manifest;
  pages: Map<number, StoredPage | StoreError>;
  record?: BatchRecord;
  records: Map<string, ScrapeRecord | StoreError>;
  /** By `answerPath`. */
  answers: Map<string, Answer | StoreError>;
  submissions: Map<string, Submission[]>;
}

export interface ShelfOptions {
  prompts?: string[];
  scrapers?: readonly Scraper[];
  samples?: number;
  simulated?: boolean;
  /** How the i-th scrape ended; undefined leaves it open. */
  outcome?: (i: number) => Outcome | undefined;
}

/** The usual troubles among 140 scrapes: 3 failed, 2 expired, 1 unknown, 1 refused, 1 empty, 4 open of which 1 is late. */
function usualOutcome(i: number): Outcome | undefined {
  if ([17, 61, 99].includes(i)) return 'failed';
  if ([33, 34].includes(i)) return 'expired';
  if (i === 47) return 'unknown';
  if (i === 52) return 'refused';
  if (i === 70) return 'empty';
  return i % 37 === 36 || i === 139 ? undefined : 'done';
}

export function fillShelf(options: ShelfOptions = {}): Shelf {
  const {
    prompts = PROMPTS,
    scrapers = scrapersOf('scrapellm'),
    samples = 1,
    simulated = false,
    outcome = usualOutcome,
  } = options;
  const shelf: Shelf = {
    manifest: manifest(0, simulated),
    pages: new Map(),
    records: new Map(),
    answers: new Map(),
    submissions: new Map(),
  };
  const rows: StoredPage = [];
  for (const [p, prompt] of prompts.entries()) {
    for (const scraper of scrapers) {
      for (let sample = 1; sample <= samples; sample++) {
        const item = `q${p + 1}`;
        const scrapeId = batchScrapeId(BATCH, item, scraper, sample);
        const input: ScrapeInput = { scraper, prompt, market: 'US/en', batchId: BATCH, item, sample };
        addScrape(shelf, {
          scrapeId,
          input,
          scraper,
          index: rows.length,
          outcome: outcome(rows.length),
          simulated,
        });
        rows.push({ scrapeId, input, bound: { credits: 3 } });
      }
    }
  }
  for (let at = 0; at < rows.length; at += 500) {
    shelf.pages.set(shelf.pages.size + 1, rows.slice(at, at + 500));
  }
  shelf.manifest = { ...manifest(rows.length, simulated), pages: shelf.pages.size };
  return shelf;
}

/** The part of a store that a report reads, over a shelf. */
export function storeOf(shelf: Shelf): Store {
  const store = {
    location: 'memory',
    owner: { storeId: 's', tagPrefix: 'abc123', simulated: shelf.manifest.simulated, createdAt: '' },
    batches: {
      readManifest: async (id: string) => (id === shelf.manifest.batchId ? shelf.manifest : undefined),
      readPage: async (_: string, page: number) => orThrow(shelf.pages.get(page)) ?? [],
      readRecord: async () => shelf.record,
      list: async () => [shelf.manifest.batchId],
    },
    records: { read: async (id: string) => orThrow(shelf.records.get(id)) },
    results: {
      readAnswer: async (ref: { answerPath?: string }) => orThrow(shelf.answers.get(ref.answerPath ?? '')),
    },
    journal: { readAll: async (id: string) => shelf.submissions.get(id) ?? [] },
  };
  return store as unknown as Store;
}

export function damaged(key: string): StoreError {
  return new StoreError('damaged', key, `the file ${key} is damaged: it is not what was written`);
}

interface NewScrape {
  scrapeId: string;
  input: ScrapeInput;
  scraper: Scraper;
  index: number;
  outcome: Outcome | undefined;
  simulated: boolean;
}

function addScrape(shelf: Shelf, scrape: NewScrape): void {
  const { scrapeId, input, scraper, index, outcome, simulated } = scrape;
  const submittedAt = new Date(STARTED.getTime() + index * 220);
  if (outcome === undefined) {
    shelf.submissions.set(scrapeId, index === 139 ? [] : [submission(scrapeId, submittedAt)]);
    return;
  }
  const readyAt = new Date(
    submittedAt.getTime() + 4_000 + ((index * 7_919) % 31_000) + SCRAPERS.indexOf(scraper) * 1_700,
  );
  const bought = outcome !== 'refused' && outcome !== 'unknown';
  const collected = outcome === 'done' || outcome === 'empty';
  const make = isResultPage(scraper) ? pageFor : answerFor;
  const answer = outcome === 'done' ? make(scraper, input.prompt, index) : undefined;
  const path = `results/${createHash('sha256').update(scrapeId).digest('hex').slice(0, 16)}`;
  if (answer) shelf.answers.set(`${path}/answer.json.gz`, answer);
  shelf.records.set(scrapeId, {
    scrapeId,
    scraper,
    market: 'US/en',
    account: simulated ? 'simulator' : 'default',
    batchId: BATCH,
    item: input.item ?? '',
    outcome,
    sample: input.sample ?? 1,
    submissions: outcome === 'refused' ? 0 : outcome === 'failed' ? 2 : 1,
    charge: bought ? priceOf(scraper, outcome === 'failed' ? 2 : 1) : {},
    possiblySpent: outcome === 'unknown' ? priceOf(scraper) : {},
    refundExpected: outcome === 'failed' ? priceOf(scraper, 2) : {},
    ...(bought && { submittedAt: submittedAt.toISOString() }),
    ...(collected && {
      readyAt: readyAt.toISOString(),
      collectedAt: new Date(readyAt.getTime() + 900).toISOString(),
    }),
    ...(collected && {
      result: {
        path: `${path}/raw.gz`,
        bytes: 2_048,
        sha256: 'ab'.repeat(32),
        normalized: outcome === 'done',
        ...(answer && { answerPath: `${path}/answer.json.gz` }),
      },
    }),
    ...(FAILURES[outcome] && { failure: FAILURES[outcome] }),
    simulated,
  });
}

const FAILURES: Partial<Record<Outcome, Failure>> = {
  failed: {
    type: 'TaskFailed',
    message: 'ScrapeLLM gave up: execution failed. Bought 2 times, 6 credits; they should come back.',
  },
  expired: {
    type: 'TaskExpired',
    message: 'ScrapeLLM deleted the answer 24 h after the order. 3 credits are gone.',
  },
  unknown: {
    type: 'SubmitOutcomeUnknown',
    message: 'The connection broke before ScrapeLLM confirmed the order: 3 credits possibly spent.',
  },
  refused: { type: 'BudgetExceeded', message: 'The batch may spend 420 credits, and they are given out.' },
};

function priceOf(scraper: Scraper, times = 1): Charge {
  return scraper.startsWith('dataforseo/') ? { usdMicros: 600 * times } : { credits: 3 * times };
}

function submission(scrapeId: string, at: Date): Submission {
  const plan = {
    firstMs: 5_000,
    gapMs: 3_000,
    wideAfterMs: 120_000,
    wideGapMs: 15_000,
    retentionMs: 86_400_000,
  };
  const receipt = {
    scrapeId,
    n: 1,
    try: 1,
    taskId: 'secret-task-id',
    account: 'default',
    endpoint: '',
    charge: { credits: 3 },
    submittedAt: at.toISOString(),
    plan,
  };
  return { scrapeId, n: 1, intent: { bound: { credits: 3 } }, receipt } as unknown as Submission;
}

function manifest(total: number, simulated: boolean): Manifest {
  return {
    batchId: BATCH,
    fingerprint: 'f',
    createdAt: STARTED.toISOString(),
    simulated,
    pages: 0,
    total,
    bound: { credits: 3 * total },
  };
}

function orThrow<T>(value: T | StoreError | undefined): T | undefined {
  if (value instanceof StoreError) throw value;
  return value;
}
