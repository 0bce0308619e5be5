import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { readCounts, type HistoryCounts } from '../throughput/history-counts.ts';
import { sum } from './check.ts';

export interface Histories {
  /** Of all workflows of the namespace. */
  longest: { events: number; id: string };
  /** The batch's and its partitions' together. */
  parents: HistoryCounts;
  parentIds: string[];
  /** Of scrapes spread over the run, in the mean. */
  sample: HistoryCounts & { scrapes: number };
}

const SAMPLE = 50;
/** The server lists a workflow that has ended some moments later. */
const LISTED_TIMEOUT_MS = 30_000;

/** Reads the length of every history from the server's list, and parents and a sample of scrapes in full. */
export async function readHistories(client: Client): Promise<Histories> {
  const listed = await listAll(client);
  const scrapeIds = listed
    .filter(({ type }) => type === 'scrapeWorkflow')
    .map(({ id }) => id)
    .toSorted();
  const parentIds = listed
    .filter(({ type }) => type === 'batchWorkflow' || type === 'partitionWorkflow')
    .map(({ id }) => id)
    .toSorted();
  const scrapes = Math.min(SAMPLE, scrapeIds.length);
  const sampledIds = Array.from(
    { length: scrapes },
    (_, n) => scrapeIds[Math.floor((n * scrapeIds.length) / scrapes)] ?? '',
  );
  const sampled: HistoryCounts[] = [];
  for (const id of sampledIds) sampled.push(await readCounts(client, id));
  const lengths = listed.map(({ id, events }) => ({ id, events }));
  const parents: HistoryCounts[] = [];
  for (const id of parentIds) {
    const counts = await readCounts(client, id); // some MB each
    parents.push(counts);
    lengths.push({ id, events: counts.events });
  }
  return {
    longest: lengths.reduce((a, b) => (b.events > a.events ? b : a), { id: 'none', events: 0 }),
    parents: {
      events: sum(parents, ({ events }) => events),
      actions: sum(parents, ({ actions }) => actions),
    },
    parentIds,
    sample: {
      events: sum(sampled, ({ events }) => events) / scrapes,
      actions: sum(sampled, ({ actions }) => actions) / scrapes,
      scrapes,
    },
  };
}

interface Listed {
  id: string;
  type: string;
  events: number;
}

/** Lists until a list is like the one before. */
async function listAll(client: Client): Promise<Listed[]> {
  const deadline = Date.now() + LISTED_TIMEOUT_MS;
  let last: Listed[] = [];
  for (;;) {
    const listed: Listed[] = [];
    for await (const { workflowId, type, historyLength } of client.workflow.list({ pageSize: 1_000 })) {
      listed.push({ id: workflowId, type, events: historyLength ?? 0 });
    }
    if ((listed.length > 0 && sameLengths(listed, last)) || Date.now() > deadline) return listed;
    last = listed;
    await sleep(1_000);
  }
}

function sameLengths(a: readonly Listed[], b: readonly Listed[]): boolean {
  const total = (list: readonly Listed[]) => sum(list, ({ events }) => events);
  return a.length === b.length && total(a) === total(b);
}
