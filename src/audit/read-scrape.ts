import type { Submission } from '../contracts/journal.ts';
import type { ScrapeFacts } from '../ledger/audit-facts.ts';
import { lostMoney } from '../ledger/audit-mending.ts';
import { endOf } from '../ledger/build-record.ts';
import { differencesOf } from '../ledger/record-differences.ts';
import { StoreError } from '../store/store-error.ts';
import type { Store } from '../store/store.ts';
import type { AuditWorld } from './audit-world.ts';

/** A scrape as the store has it, before its workflow and its results are looked at. */
export type StoredScrape = Pick<ScrapeFacts, 'scrapeId' | 'submissions' | 'record'>;

/** Journal and record of a scrape; what cannot be read is told to `damaged`, and undefined says that nothing is left. */
export async function readStored(
  { journal, records }: Store,
  scrapeId: string,
  damaged: (words: string) => void,
): Promise<StoredScrape | undefined> {
  // The journal first: a record is made of it.
  const submissions = await readable(() => journal.readAll(scrapeId), damaged);
  const record = await readable(() => records.read(scrapeId), damaged);
  if (submissions === undefined) return undefined;
  return { scrapeId, submissions, ...(record && { record }) };
}

/**
 * The rest: whether somebody is at it, and whether what it collected is whole. One of which something is open is read again
 * once it is known that nobody is at it: it may have begun after the audit, and ended since it was read.
 */
export async function completeScrape(
  { store, workflows }: AuditWorld,
  first: StoredScrape,
  damaged: (words: string) => void,
): Promise<ScrapeFacts> {
  if (workflows.wasRunning(first.scrapeId) || isQuiet(first)) {
    const workflow = workflows.wasRunning(first.scrapeId) ? 'running' : 'ended';
    return { ...first, workflow, damagedResults: await damagedResults(store, first) };
  }
  const workflow = await workflows.stateOf(first.scrapeId);
  const stored =
    workflow === 'running' ? first : ((await readStored(store, first.scrapeId, damaged)) ?? first);
  return { ...stored, workflow, damagedResults: await damagedResults(store, stored) };
}

/** Whether its end is told, by journal and record alike, and nothing is open: then it does not matter what Temporal knows. */
function isQuiet({ record, submissions }: StoredScrape): boolean {
  if (!record || lostMoney({ record, submissions })) return false;
  if (differencesOf({ submissions }, record).length > 0) return false;
  return endOf(submissions) !== undefined || submissions.every(isSettled);
}

function isSettled({ intent, refused, receipt, unknown, verdict }: Submission): boolean {
  if (receipt) return verdict !== undefined;
  return verdict !== undefined || Boolean(intent.withdrawn ?? refused ?? unknown);
}

/**
 * What is wrong with the stored results that the journal names; where no verdict names one any more, with the record's.
 */
export async function damagedResults(
  { results }: Store,
  { submissions, record }: StoredScrape,
): Promise<string[]> {
  const found: string[] = [];
  const note = (words: string): void => void found.push(words);
  const named = submissions.flatMap(({ verdict }) => verdict?.result ?? []);
  for (const ref of named.length > 0 ? named : record?.result ? [record.result] : []) {
    for (const file of [ref, ...(ref.variants ?? [])]) await readable(() => results.readRaw(file), note);
    await readable(() => results.readAnswer(ref), note);
  }
  return found;
}

/** Undefined if the store cannot read it, which is told. */
export async function readable<T>(
  read: () => Promise<T>,
  damaged: (words: string) => void,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    damaged(error.message);
    return undefined;
  }
}
