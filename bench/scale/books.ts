import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Gleaner } from '../../src/client/connect-gleaner.ts';
import type { ResultRef, ScrapeRecord } from '../../src/contracts/scrape.ts';
import type { JournalledSubmission } from './journal-files.ts';
import type { Job, ScaleProvider } from './provider.ts';
import { BATCH_ID, SINGLE, type Asked } from './questions.ts';

/** A scrape as it was asked for, and as journal, record, stored answer and provider know it. */
export interface Book extends Asked {
  /** By number. */
  submissions: JournalledSubmission[];
  record?: ScrapeRecord;
  /** The job that the stored answer names; absent if there is none or its hash is wrong. */
  storedJobId?: string;
  /** Oldest first. */
  jobs: Job[];
}

export interface Books {
  batch: Book[];
  single?: Book;
  /** Jobs that nobody had asked for. */
  strangers: Job[];
}

/** Says which purchase a stored answer is of. */
type AnswerReader = Pick<ScaleProvider, 'jobIdOf'>;

/** Puts together what is known of every scrape. Records come from the public client, answers and journal from files. */
export async function readBooks(
  gleaner: Gleaner,
  witnesses: {
    asked: readonly Asked[];
    submissions: JournalledSubmission[];
    jobs: Job[];
    single: boolean;
    provider: AnswerReader;
  },
): Promise<Books> {
  const { asked, single, provider } = witnesses;
  const records = new Map<string, ScrapeRecord>();
  const ids = [BATCH_ID, ...(single ? [SINGLE.scrapeId] : [])];
  for (const id of ids) {
    for await (const { record } of gleaner.results(id)) records.set(record.scrapeId, record);
  }
  const submissions = groupBy(witnesses.submissions, ({ scrapeId }) => scrapeId);
  const jobs = groupBy(witnesses.jobs, ({ scraper, prompt }) => keyOf(scraper, prompt));
  const taken = new Set<string>();
  const toBook = async (one: Asked): Promise<Book> => {
    const key = keyOf(one.engine, one.prompt);
    taken.add(key);
    const record = records.get(one.scrapeId);
    const storedJobId = record?.result && (await readJobId(provider, gleaner.store.location, record.result));
    return {
      ...one,
      submissions: (submissions.get(one.scrapeId) ?? []).toSorted((a, b) => a.n - b.n),
      ...(record && { record }),
      ...(storedJobId !== undefined && { storedJobId }),
      jobs: (jobs.get(key) ?? []).toSorted((a, b) => a.createdAt.localeCompare(b.createdAt)),
    };
  };
  const batch: Book[] = [];
  for (const one of asked) batch.push(await toBook(one));
  const books: Books = { batch, strangers: [], ...(single && { single: await toBook(SINGLE) }) };
  books.strangers = witnesses.jobs.filter(({ scraper, prompt }) => !taken.has(keyOf(scraper, prompt)));
  return books;
}

/** Undefined if the file is not there, or not what its hash says. */
async function readJobId(
  provider: AnswerReader,
  storeFolder: string,
  ref: ResultRef,
): Promise<string | undefined> {
  const stored = await readFile(join(storeFolder, ref.path)).catch(() => undefined);
  const body = stored && (await promisify(gunzip)(stored).catch(() => undefined));
  if (!body || createHash('sha256').update(body).digest('hex') !== ref.sha256) return undefined;
  return provider.jobIdOf(JSON.parse(body.toString()));
}

function keyOf(engine: string, prompt: string): string {
  return `${engine} ${prompt}`;
}

function groupBy<T>(list: readonly T[], of: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const group = groups.get(of(item));
    if (group) group.push(item);
    else groups.set(of(item), [item]);
  }
  return groups;
}
