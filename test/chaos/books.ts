import type { Submission } from '../../src/contracts/journal.ts';
import type { ScrapeRecord } from '../../src/contracts/scrape.ts';
import { parseScraper } from '../../src/contracts/scrapers.ts';
import type { LedgerJob } from '../../src/simulator/ledger.ts';
import type { ChaosWorld } from './world.ts';

/** A scrape as three witnesses know it: our journal, our record, and the provider's own jobs. */
export interface Book {
  scrapeId: string;
  submissions: Submission[];
  record: ScrapeRecord | undefined;
  /** Oldest first. */
  jobs: LedgerJob[];
}

/** Reads the books of all scrapes of a batch. */
export async function readBooks({ store, control }: ChaosWorld, batchId: string): Promise<Book[]> {
  const { jobs } = await control.ledger();
  const manifest = await store.batches.readManifest(batchId);
  const books: Book[] = [];
  for (let page = 1; page <= (manifest?.pages ?? 0); page++) {
    for (const { scrapeId, input } of await store.batches.readPage(batchId, page)) {
      books.push({
        scrapeId,
        submissions: await store.journal.readAll(scrapeId),
        record: await store.records.read(scrapeId),
        jobs: jobs.filter((job) => job.prompt === input.prompt && scraperOf(job) === input.scraper),
      });
    }
  }
  return books;
}

/** Everything in which these books break P1, P2 or P3, in words; the provider's ledger is believed before ours. */
export function problemsOf(books: readonly Book[]): string[] {
  return books.flatMap((book) => {
    const found = book.record ? problemsOfScrape(book, book.record) : ['has no record'];
    return found.map((problem) => `${book.scrapeId} ${problem}`);
  });
}

/** Credits over all books: what the provider took, and what our records say. */
export function creditsOf(books: readonly Book[]): {
  ledger: number;
  charge: number;
  possiblySpent: number;
} {
  return {
    ledger: sum(books, ({ jobs }) => sum(jobs, (job) => job.charged)),
    charge: sum(books, ({ record }) => record?.charge.credits ?? 0),
    possiblySpent: sum(books, ({ record }) => record?.possiblySpent.credits ?? 0),
  };
}

/** Scrapes with an intent that nobody has answered: bought, or not, by a worker that is dead now. */
export function openIntents(books: readonly Book[]): string[] {
  return books.filter(({ submissions }) => submissions.some(isOpen)).map(({ scrapeId }) => scrapeId);
}

function isOpen({ intent, refused, receipt, unknown }: Submission): boolean {
  return !intent.withdrawn && !refused && !receipt && !unknown;
}

function problemsOfScrape({ submissions, jobs }: Book, record: ScrapeRecord): string[] {
  const problems: string[] = [];
  if (jobs.length > record.submissions) {
    problems.push(`has ${jobs.length} jobs, its record knows ${record.submissions} submissions`);
  }
  jobs.slice(1).forEach((job, i) => {
    const before = jobs[i];
    const failedFirst = before?.outcome === 'failed' && (before.firstReadyAt ?? '9') <= job.createdAt;
    if (!failedFirst) problems.push(`was bought again as ${job.jobId} although no failure came before`);
  });
  const receipts = submissions.flatMap(({ receipt }) => receipt ?? []);
  for (const { taskId, charge } of receipts) {
    const job = jobs.find(({ jobId }) => jobId === taskId);
    if (!job) problems.push(`has a receipt of ${taskId}, which the provider never made`);
    else if (job.outcome !== 'failed' && job.collected === 0) problems.push(`paid ${taskId} and left it`);
    if (job && job.charged !== charge.credits) problems.push(`has a receipt of another charge: ${taskId}`);
  }
  const known = new Set(receipts.map(({ taskId }) => taskId));
  const knownCredits = sum(jobs, (job) => (known.has(job.jobId) ? job.charged : 0));
  const blindCredits = sum(jobs, (job) => (known.has(job.jobId) ? 0 : job.charged));
  if ((record.charge.credits ?? 0) !== knownCredits) {
    problems.push(`was charged ${knownCredits}, its record says ${record.charge.credits}`);
  }
  if (blindCredits > (record.possiblySpent.credits ?? 0)) {
    problems.push(`was charged ${blindCredits} blindly, its record says ${record.possiblySpent.credits}`);
  }
  if (record.outcome === 'done' && !record.result) problems.push('is done without a result');
  return problems;
}

function scraperOf(job: LedgerJob): string {
  const parsed = parseScraper(`scrapellm/${job.scraper}`);
  return parsed.ok ? parsed.scraper : job.scraper;
}

function sum<T>(list: readonly T[], of: (item: T) => number): number {
  return list.reduce((total, item) => total + of(item), 0);
}
