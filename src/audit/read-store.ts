import type { ScrapeRecord } from '../contracts/scrape.ts';
import type { AuditFacts } from '../ledger/audit-facts.ts';
import { inParallel } from '../lists/in-parallel.ts';
import type { AuditScope, AuditWorld } from './audit-world.ts';
import { readable, readStored } from './read-scrape.ts';
import type { StoredScrape } from './read-scrape.ts';

/** Files that are read at once. */
export const FILES_AT_ONCE = 16;

/** What the store holds of what an audit is about. */
export interface StoredFacts extends Pick<AuditFacts, 'damaged' | 'neverStarted'> {
  scrapes: StoredScrape[];
  /** Everything that is known by record or manifest too, for the names of what has no journal. */
  knownIds: Set<string>;
  /** The scrapes of each batch that this audit is about, and the records of all of them. */
  ofBatches: ReadonlyMap<string, readonly string[]>;
  recordsOf: ReadonlyMap<string, ScrapeRecord>;
}

/** Reads journal and records. Writes nothing, and goes on where something cannot be read. */
export async function readStore(world: AuditWorld, scope: AuditScope): Promise<StoredFacts> {
  const { store } = world;
  const damaged = new Set<string>();
  const note = (words: string): void => void damaged.add(words);
  const batchIds = scope.batchId === undefined ? await store.batches.list() : [scope.batchId];
  const ofBatches = new Map<string, string[]>();
  for (const batchId of batchIds) ofBatches.set(batchId, await idsOf(world, batchId, note));
  const knownIds = new Set([...ofBatches.values()].flat());
  if (scope.batchId === undefined) for (const id of await otherIds(world, note)) knownIds.add(id);
  const read = await inParallel([...knownIds], FILES_AT_ONCE, (id) => readStored(store, id, note));
  const stored = read.filter((scrape) => scrape !== undefined);
  const begun = new Set(stored.filter(hasBegun).map(({ scrapeId }) => scrapeId));
  const neverStarted = [];
  for (const [batchId, ids] of ofBatches) {
    const scrapes = ids.filter((id) => !begun.has(id)).length;
    if (scrapes > 0 && (await isOver(world, batchId))) neverStarted.push({ batchId, scrapes });
  }
  return {
    scrapes: stored.filter((scrape) => hasBegun(scrape) && isRecent(scrape, scope.sinceMs)),
    knownIds,
    ofBatches,
    recordsOf: new Map(stored.flatMap(({ scrapeId, record }) => (record ? [[scrapeId, record]] : []))),
    neverStarted,
    damaged: [...damaged],
  };
}

async function idsOf(
  { store }: AuditWorld,
  batchId: string,
  note: (words: string) => void,
): Promise<string[]> {
  const manifest = await readable(() => store.batches.readManifest(batchId), note);
  const ids: string[] = [];
  for (let page = 1; page <= (manifest?.pages ?? 0); page++) {
    const rows = await readable(() => store.batches.readPage(batchId, page), note);
    for (const { scrapeId } of rows ?? []) ids.push(scrapeId);
  }
  return ids;
}

/** Scrapes of the journal, and of the records, whether a batch names them or not. */
async function otherIds({ store }: AuditWorld, note: (words: string) => void): Promise<string[]> {
  const tags = await store.journal.tags();
  const found = await inParallel(tags, FILES_AT_ONCE, (tag) =>
    readable(() => store.journal.findByTag(tag), note),
  );
  const ids = found.flatMap((submission) => (submission ? [submission.scrapeId] : []));
  for await (const { scrapeId } of store.records.readAll((error) => note(error.message))) ids.push(scrapeId);
  return ids;
}

function hasBegun({ submissions, record }: StoredScrape): boolean {
  return submissions.length > 0 || record !== undefined;
}

function isRecent({ submissions, record }: StoredScrape, sinceMs: number | undefined): boolean {
  if (sinceMs === undefined) return true;
  const times = [
    ...submissions.map(({ intent }) => intent.createdAt),
    record?.submittedAt ?? '',
    record?.collectedAt ?? '',
  ];
  return times.some((time) => Date.parse(time) >= sinceMs);
}

/** A batch that has no record and that no workflow runs: it was ended from outside. */
async function isOver({ store, workflows }: AuditWorld, batchId: string): Promise<boolean> {
  if (workflows.wasRunning(batchId)) return false;
  if (
    await readable(
      () => store.batches.readRecord(batchId),
      () => undefined,
    )
  )
    return false;
  const state = await workflows.stateOf(batchId);
  return state === 'terminated' || state === 'gone';
}
