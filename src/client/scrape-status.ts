import type { ScrapeProgress } from '../contracts/messages.ts';
import { isSuccess } from '../contracts/outcomes.ts';
import type { ScrapeRecord } from '../contracts/scrape.ts';
import type { ClientContext } from './client-context.ts';
import { describeRun, queryProgress, stateOf, type RunState } from './describe-run.ts';
import { notFound } from './wait.ts';
import { whyCollectorWaits } from './why-collector-waits.ts';
import { whyWaiting } from './why-waiting.ts';

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

/** Where a scrape stands. An answer that was collected is told without a server. Throws `GleanerError`. */
export async function scrapeStatus(context: ClientContext, scrapeId: string): Promise<ScrapeStatus> {
  const record = await context.store.records.read(scrapeId);
  if (record && isSuccess(record.outcome)) return { scrapeId, state: 'ended', record };
  const run = await describeRun(context, scrapeId, record !== undefined);
  if (!run) {
    if (record) return { scrapeId, state: 'forgotten', record };
    throw notFound(scrapeId);
  }
  const { temporal, description } = run;
  const state = stateOf(description);
  const startedAt = description.startTime.toISOString();
  if (state !== 'running') return { scrapeId, state: record ? 'ended' : state, startedAt, record };
  const own = (await whyWaiting(temporal, description))?.words;
  const waiting = own ?? (await whyCollectorWaits(temporal, context.store, scrapeId));
  const progress = await queryProgress<ScrapeProgress>(temporal, scrapeId);
  return {
    scrapeId,
    state,
    startedAt,
    ...(waiting !== undefined && { waiting }),
    ...(progress && { progress }),
  };
}
