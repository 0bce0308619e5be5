import type { Client } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import { PROVIDERS_BY_NAME } from '../../src/providers/registry.ts';
import type { ScaleOptions } from './options.ts';

/** An activity of a limited queue, milliseconds since the epoch by the server's clock. */
export interface LimitedCall {
  queue: 'submit' | 'read';
  scheduledMs: number;
  startedMs: number;
}

/** How many calls of the limited queues waited, and for what. */
export interface Waits {
  calls: number;
  /** Started over 0.1 s after they were scheduled while their queue gave out as many as it may. */
  forLimit: number;
  /** Started over 0.1 s late while the queue gave out fewer: the machine was busy. */
  forMachine: number;
  p50Ms: number;
  maxMs: number;
}

const READ_AT_ONCE = 16;
const LATE_MS = 100;
/** A queue counts as at its limit if it gave out nine tenths of it over so long. */
const WINDOW_MS = 5_000;
const AT_LIMIT = 0.9;

/** Reads when every activity of a limited queue was scheduled and started, from the histories of scrapes and partitions. */
export async function readWaits(
  client: Client,
  { provider, limitShare }: Pick<ScaleOptions, 'provider' | 'limitShare'>,
): Promise<Waits> {
  const ids: string[] = [];
  for await (const { workflowId, type } of client.workflow.list({ pageSize: 1_000 })) {
    if (type === 'scrapeWorkflow' || type === 'partitionWorkflow') ids.push(workflowId);
  }
  const calls: LimitedCall[] = [];
  const lane = async (): Promise<void> => {
    for (let id = ids.pop(); id !== undefined; id = ids.pop()) {
      const { events } = await client.workflow.getHandle(id).fetchHistory();
      calls.push(...limitedCalls(events ?? []));
    }
  };
  await Promise.all(Array.from({ length: READ_AT_ONCE }, lane));
  const { submitsPerSecond, readsPerSecond } = PROVIDERS_BY_NAME[provider.name].limits;
  return countWaits(calls, { submit: submitsPerSecond * limitShare, read: readsPerSecond * limitShare });
}

/** Counts waits by when calls were scheduled and started; `perSecond` is each queue's limit. */
export function countWaits(
  calls: readonly LimitedCall[],
  perSecond: Record<LimitedCall['queue'], number>,
): Waits {
  let [forLimit, forMachine] = [0, 0];
  for (const queue of ['submit', 'read'] as const) {
    const own = calls.filter((call) => call.queue === queue).toSorted((a, b) => a.startedMs - b.startedMs);
    const enough = perSecond[queue] * (WINDOW_MS / 1000) * AT_LIMIT;
    let first = 0;
    for (const [index, { scheduledMs, startedMs }] of own.entries()) {
      while ((own[first]?.startedMs ?? startedMs) <= startedMs - WINDOW_MS) first += 1;
      if (startedMs - scheduledMs <= LATE_MS) continue;
      if (index - first + 1 >= enough) forLimit += 1;
      else forMachine += 1;
    }
  }
  const waited = calls.map(({ scheduledMs, startedMs }) => startedMs - scheduledMs).toSorted((a, b) => a - b);
  return {
    calls: calls.length,
    forLimit,
    forMachine,
    p50Ms: waited[Math.floor(waited.length / 2)] ?? 0,
    maxMs: waited.at(-1) ?? 0,
  };
}

function limitedCalls(events: NonNullable<History['events']>): LimitedCall[] {
  const scheduled = new Map<number, { queue: LimitedCall['queue']; atMs: number }>();
  const calls: LimitedCall[] = [];
  for (const { eventId, eventTime, ...event } of events) {
    const atMs = Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1e6;
    const name = event.activityTaskScheduledEventAttributes?.taskQueue?.name;
    const queue = (['submit', 'read'] as const).find((kind) => name?.endsWith(`/${kind}`));
    if (queue) scheduled.set(Number(eventId), { queue, atMs });
    const from = scheduled.get(Number(event.activityTaskStartedEventAttributes?.scheduledEventId ?? -1));
    if (from) calls.push({ queue: from.queue, scheduledMs: from.atMs, startedMs: atMs });
  }
  return calls;
}
