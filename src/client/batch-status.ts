import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { BatchProgress, BatchRecord } from '../contracts/batch.ts';
import { noSums } from '../contracts/batch-sums.ts';
import type { ClientContext } from './client-context.ts';
import { currentProgress } from './current-progress.ts';
import { describeRun, stateOf, tryDescribe, type RunState } from './describe-run.ts';
import { paceBetween, type Pace } from './pace.ts';
import { reportedProgress } from './reported-progress.ts';
import { storedProgress } from './stored-progress.ts';
import type { Store } from '../store/store.ts';
import type { Temporal } from './temporal.ts';
import { notFound } from './wait.ts';
import { whyCollectorWaits } from './why-collector-waits.ts';
import { whyWaiting, type Waiting } from './why-waiting.ts';

export interface BatchStatus {
  batchId: string;
  state: RunState;
  /** Counts and money, what is in flight, and the ceiling. */
  progress: BatchProgress;
  /** There while it runs and a worker answers: since its start, or over the last minute while it is watched. */
  pace?: Pace;
  /** There once all its scrapes have an outcome. */
  record?: BatchRecord;
  /** What holds it up, in words: the ceiling, the window, no worker, an account, a queue's rate. */
  waiting?: string;
  startedAt?: string;
}

/** How many scrapes of a partition are asked what holds them up; one reason usually holds for all. */
const ASKED_SCRAPES = 5;

/** Says what holds a running batch up beyond its own ceiling and window. */
export type WhyHeld = (
  temporal: Temporal,
  description: WorkflowExecutionDescription,
  progress: BatchProgress,
) => Promise<string | undefined>;

/** Where a batch stands, by at most a few dozen calls however large it is. Throws `GleanerError`. */
export async function batchStatus(
  context: ClientContext,
  batchId: string,
  whyHeld: WhyHeld = whyBatchWaits,
): Promise<BatchStatus> {
  const record = await context.store.batches.readRecord(batchId);
  const run = await describeRun(context, batchId, record !== undefined);
  if (!run) {
    // Only the scrapes' own records can tell, one file each: Temporal has forgotten it, or its database is lost.
    const progress = record ?? (await storedProgress(context.store, batchId));
    if (!progress) throw notFound(batchId);
    return {
      batchId,
      state: 'forgotten',
      startedAt: record?.startedAt,
      progress,
      ...(record && { record }),
    };
  }
  const { temporal, description } = run;
  const state = stateOf(description);
  const startedAt = description.startTime.toISOString();
  const reported = async (): Promise<BatchProgress> =>
    (await reportedProgress(temporal, context.store, batchId, description.runId)) ?? noSums(batchId, 0);
  if (state !== 'running') {
    const progress = record ?? (await reported());
    return {
      batchId,
      state,
      startedAt: record?.startedAt ?? startedAt,
      progress,
      ...(record && { record }),
    };
  }
  const answered = await currentProgress(temporal, batchId);
  const progress = answered ?? (await reported());
  const own = await whyHeld(temporal, description, progress);
  const held = own ?? (await whyCollectorsWait(context.store, temporal, batchId));
  const words = [held, progress.waiting, windowWords(progress)].filter((part) => part !== undefined);
  const pace = answered && paceSince(description.startTime, progress);
  return {
    batchId,
    state,
    startedAt,
    progress,
    ...(pace && { pace }),
    ...(words.length > 0 && { waiting: words.join('; ') }),
  };
}

/** Asks the batch, its running partitions and some of their scrapes. */
export const whyBatchWaits: WhyHeld = async (temporal, description, { partitions = [] }) => {
  const own = await whyWaiting(temporal, description);
  return (own ?? (await whyScrapesWait(temporal, partitions)))?.words;
};

/** What one of its scrapes says; trouble comes before a queue that only keeps its rate. */
async function whyScrapesWait(
  temporal: Temporal,
  partitions: readonly string[],
): Promise<Waiting | undefined> {
  let ordinary: Waiting | undefined;
  for (const partition of partitions) {
    const running = await tryDescribe(temporal, partition);
    if (!running) continue;
    const own = await whyWaiting(temporal, running);
    if (own) return own;
    for (const child of spread(running.raw.pendingChildren ?? [], ASKED_SCRAPES)) {
      const scrape = child.workflowId ? await tryDescribe(temporal, child.workflowId) : undefined;
      const reason = scrape && (await whyWaiting(temporal, scrape));
      if (reason?.kind === 'trouble') return reason;
      ordinary ??= reason;
    }
  }
  return ordinary;
}

/** Some of a list from the newest to the oldest: those that were started first have mostly been bought. */
function spread<T>(list: readonly T[], count: number): T[] {
  const step = Math.max(1, Math.ceil(list.length / count));
  return list.toReversed().filter((_, index) => index % step === 0);
}

/** Asks the collectors that its scrapes wait for, by one of its scrapes of each provider. */
async function whyCollectorsWait(
  { batches, journal }: Store,
  temporal: Temporal,
  batchId: string,
): Promise<string | undefined> {
  const manifest = await batches.readManifest(batchId);
  const rows = manifest ? await batches.readPage(batchId, 1) : [];
  const asked = new Set<string>();
  for (const { scrapeId, input } of rows) {
    const provider = input.scraper.split('/')[0] ?? '';
    if (asked.has(provider)) continue;
    asked.add(provider);
    const reason = await whyCollectorWaits(temporal, { journal }, scrapeId);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function windowWords({ counts, inFlight, window, waiting }: BatchProgress): string | undefined {
  if (!inFlight || window === undefined || waiting !== undefined) return undefined;
  const toCome = counts.open - inFlight.scrapes;
  return inFlight.scrapes > 0 && toCome > 0 ? `${toCome} for a place in the window of ${window}` : undefined;
}

/** Net of what earlier runs of the batch had done. */
function paceSince(start: Date, { total, counts, endedBefore = 0 }: BatchProgress): Pace | undefined {
  const ended = total - counts.open - endedBefore;
  return paceBetween({ atMs: start.getTime(), ended: 0 }, { atMs: Date.now(), ended }, counts.open);
}
