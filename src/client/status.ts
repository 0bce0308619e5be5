import { WorkflowNotFoundError, type WorkflowExecutionDescription } from '@temporalio/client';
import type { BatchProgress, BatchRecord } from '../contracts/batch.ts';
import { PROGRESS_QUERY, type ScrapeProgress } from '../contracts/messages.ts';
import { emptyCounts, isSuccess } from '../contracts/outcomes.ts';
import type { ScrapeRecord } from '../contracts/scrape.ts';
import type { ClientContext } from './client-context.ts';
import { GleanerError } from './gleaner-error.ts';
import { storedProgress } from './stored-progress.ts';
import type { Temporal } from './temporal.ts';
import { notFound } from './wait.ts';
import { hasWorker, whyWaiting } from './why-waiting.ts';

/** `ended` is with an outcome; `terminated`: ended from outside; `forgotten`: only the store still knows it. */
export type RunState = 'running' | 'ended' | 'cancelled' | 'failed' | 'terminated' | 'forgotten';

export interface ScrapeStatus {
  scrapeId: string;
  state: RunState;
  /** There once it has an outcome. */
  record?: ScrapeRecord;
  /** There while it runs and a worker answers. */
  progress?: ScrapeProgress;
  /** What holds it up beyond its ordinary waiting, in words. */
  waiting?: string;
  startedAt?: string;
}

export interface BatchStatus {
  batchId: string;
  state: RunState;
  progress: BatchProgress;
  /** There once all its scrapes have an outcome. */
  record?: BatchRecord;
  waiting?: string;
  startedAt?: string;
}

/** A worker that is there answers in milliseconds. */
const QUERY_TIMEOUT_MS = 5_000;
/** How many scrapes of a batch are asked what holds them up; one reason usually holds for all. */
const ASKED_SCRAPES = 5;

/** Where a scrape stands. An answer that was collected is told without a server. Throws `GleanerError`. */
export async function scrapeStatus(context: ClientContext, scrapeId: string): Promise<ScrapeStatus> {
  const record = await context.store.records.read(scrapeId);
  if (record && isSuccess(record.outcome)) return { scrapeId, state: 'ended', record };
  const run = await describe(context, scrapeId, record !== undefined);
  if (!run) {
    if (record) return { scrapeId, state: 'forgotten', record };
    throw notFound(scrapeId);
  }
  const { temporal, description } = run;
  const state = stateOf(description);
  const startedAt = description.startTime.toISOString();
  if (state !== 'running') return { scrapeId, state: record ? 'ended' : state, startedAt, record };
  const waiting = await whyWaiting(temporal, description);
  const progress = await query<ScrapeProgress>(temporal, scrapeId);
  return { scrapeId, state, startedAt, ...(waiting && { waiting }), ...(progress && { progress }) };
}

/** Where a batch stands; the counts of one that no worker answers for are read from the store. Throws `GleanerError`. */
export async function batchStatus(context: ClientContext, batchId: string): Promise<BatchStatus> {
  const record = await context.store.batches.readRecord(batchId);
  const run = await describe(context, batchId, record !== undefined);
  if (!run || stateOf(run.description) !== 'running') {
    const progress = record ?? (await storedProgress(context.store, batchId));
    if (!progress && !run) throw notFound(batchId);
    const state = run ? stateOf(run.description) : 'forgotten';
    const startedAt = record?.startedAt ?? run?.description.startTime.toISOString();
    return {
      batchId,
      state,
      startedAt,
      progress: progress ?? nothingYet(batchId),
      ...(record && { record }),
    };
  }
  const { temporal, description } = run;
  const answered = await query<BatchProgress>(temporal, batchId);
  const progress = answered ?? (await storedProgress(context.store, batchId)) ?? nothingYet(batchId);
  const waiting =
    (await whyWaiting(temporal, description)) ?? (await whyScrapesWait(temporal, progress.partitions ?? []));
  return {
    batchId,
    state: 'running',
    startedAt: description.startTime.toISOString(),
    progress: { ...progress, batchId },
    ...(waiting && { waiting }),
  };
}

async function whyScrapesWait(
  temporal: Temporal,
  partitions: readonly string[],
): Promise<string | undefined> {
  for (const partition of partitions) {
    const running = await tryDescribe(temporal, partition);
    if (!running) continue;
    const own = await whyWaiting(temporal, running);
    if (own !== undefined) return own;
    for (const child of (running.raw.pendingChildren ?? []).slice(0, ASKED_SCRAPES)) {
      const scrape = child.workflowId ? await tryDescribe(temporal, child.workflowId) : undefined;
      const reason = scrape && (await whyWaiting(temporal, scrape));
      if (reason !== undefined) return reason;
    }
  }
  return undefined;
}

/** Undefined if Temporal does not know the id, or, where the store can answer, cannot be reached. */
async function describe(
  context: ClientContext,
  id: string,
  stored: boolean,
): Promise<{ temporal: Temporal; description: WorkflowExecutionDescription } | undefined> {
  try {
    const temporal = await context.temporal();
    const description = await tryDescribe(temporal, id);
    return description && { temporal, description };
  } catch (error) {
    if (stored && error instanceof GleanerError && error.kind === 'no-server') return undefined;
    throw error;
  }
}

async function tryDescribe(
  { client }: Temporal,
  id: string,
): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await client.workflow.getHandle(id).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** Undefined without a worker, which a query would wait for. */
async function query<T>(temporal: Temporal, id: string): Promise<T | undefined> {
  if (!(await hasWorker(temporal))) return undefined;
  const { client } = temporal;
  try {
    return await client.withDeadline(Date.now() + QUERY_TIMEOUT_MS, () =>
      client.workflow.getHandle(id).query<T>(PROGRESS_QUERY),
    );
  } catch {
    return undefined; // the worker ended just now, or is busy: the rest of the status is still true
  }
}

function stateOf({ status }: WorkflowExecutionDescription): RunState {
  switch (status.name) {
    case 'RUNNING':
    case 'CONTINUED_AS_NEW':
    case 'PAUSED':
      return 'running';
    case 'COMPLETED':
      return 'ended';
    case 'CANCELLED':
      return 'cancelled';
    case 'FAILED':
      return 'failed';
    case 'TERMINATED':
    case 'TIMED_OUT':
    case 'UNKNOWN':
    case 'UNSPECIFIED':
      return 'terminated';
  }
}

function nothingYet(batchId: string): BatchProgress {
  const counts = emptyCounts();
  return { batchId, total: 0, counts, charge: {}, possiblySpent: {}, refundExpected: {} };
}
