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
  sample: HistoryCounts & { scrapes: number; most: number };
  collectors: CollectorHistory[];
}

interface CollectorHistory {
  id: string;
  /** Of all its runs. */
  events: number;
  /** How often it was started, or began anew. */
  runs: number;
  /** The most events that any 60 s held, however cut. */
  busiestMinute: number;
  /** How many of each kind those 60 s held. */
  busiestKinds: Record<string, number>;
  /** From its first event to its last. */
  minutes: number;
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
      most: Math.max(0, ...sampled.map(({ events }) => events)),
    },
    collectors: await readCollectors(client),
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

async function readCollectors(client: Client): Promise<CollectorHistory[]> {
  const eventsOf = new Map<string, TimedEvent[]>();
  for await (const { workflowId, runId } of client.workflow.list({
    query: `WorkflowType = 'collectorWorkflow'`,
  })) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const timed = (events ?? []).map((event) => ({
      ms: Number(event.eventTime?.seconds ?? 0) * 1000 + (event.eventTime?.nanos ?? 0) / 1e6,
      // An event has one part of these names, which says of what kind it is.
      kind:
        Object.keys(event)
          .find((key) => key.endsWith(OF_KIND))
          ?.slice(0, -OF_KIND.length) ?? 'unknown',
    }));
    eventsOf.set(
      workflowId,
      [...(eventsOf.get(workflowId) ?? []), ...timed].toSorted((a, b) => a.ms - b.ms),
    );
  }
  return [...eventsOf].map(([id, events]) => {
    const busiest = busiestMinute(events);
    return {
      id,
      events: events.length,
      runs: countKinds(events)[STARTED] ?? 0,
      busiestMinute: busiest.length,
      busiestKinds: countKinds(busiest),
      minutes: ((events.at(-1)?.ms ?? 0) - (events[0]?.ms ?? 0)) / 60_000,
    };
  });
}

interface TimedEvent {
  ms: number;
  kind: string;
}

const OF_KIND = 'EventAttributes';
const STARTED = 'workflowExecutionStarted';

/** The events of the 60 s that held most of them; `events` in the order of their times. */
export function busiestMinute<T extends { ms: number }>(events: readonly T[]): T[] {
  let first = 0;
  let [begin, end] = [0, 0];
  for (const [index, { ms }] of events.entries()) {
    while ((events[first]?.ms ?? ms) <= ms - 60_000) first += 1;
    if (index + 1 - first > end - begin) [begin, end] = [first, index + 1];
  }
  return events.slice(begin, end);
}

function countKinds(events: readonly TimedEvent[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of events) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
