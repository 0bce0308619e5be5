import { setTimeout as sleep } from 'node:timers/promises';
import {
  ApplicationFailure,
  CancelledFailure,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { BatchRecord } from '../contracts/batch.ts';
import type { ScrapeRecord } from '../contracts/scrape.ts';
import type { ClientContext } from './client-context.ts';
import { GleanerError } from './gleaner-error.ts';
import { isOutage } from './temporal.ts';

const OUTAGE_PAUSE_MS = 1_000;

/** Waits until a scrape has an outcome, also through restarts of the server. Resolves with its record whatever it is. */
export async function waitForScrape(context: ClientContext, scrapeId: string): Promise<ScrapeRecord> {
  const record = await waitForEnd<ScrapeRecord>(context, scrapeId, () =>
    context.store.records.read(scrapeId),
  );
  return record;
}

/** Waits until all scrapes of a batch have an outcome; resolves with the batch's record, also of a cancelled one. */
export async function waitForBatch(context: ClientContext, batchId: string): Promise<BatchRecord> {
  return waitForEnd<BatchRecord>(context, batchId, () => context.store.batches.readRecord(batchId));
}

/** Waits for the end of a retry; resolves with the record of its batch, in which it is counted. */
export async function waitForRetry(
  context: ClientContext,
  { batchId, retryId }: { batchId: string; retryId: string },
): Promise<BatchRecord> {
  return waitForEnd<BatchRecord>(context, retryId, () => context.store.batches.readRecord(batchId));
}

/** `stored`: the record if the workflow can no longer give it. */
async function waitForEnd<T extends object>(
  context: ClientContext,
  id: string,
  stored: () => Promise<T | undefined>,
): Promise<T> {
  const { client } = await context.temporal();
  for (;;) {
    try {
      return (await client.workflow.getHandle(id).result()) as T; // our workflows return their record
    } catch (error) {
      if (isOutage(error)) {
        await sleep(OUTAGE_PAUSE_MS);
        continue;
      }
      return recordOfFailure<T>(error, id, stored);
    }
  }
}

async function recordOfFailure<T extends object>(
  error: unknown,
  id: string,
  stored: () => Promise<T | undefined>,
): Promise<T> {
  if (error instanceof WorkflowNotFoundError) {
    const record = await stored(); // Temporal forgets closed workflows, the store does not
    if (record) return record;
    throw notFound(id);
  }
  if (!(error instanceof WorkflowFailedError)) throw error;
  const { cause } = error;
  const isCancelled =
    cause instanceof CancelledFailure || (cause instanceof ApplicationFailure && cause.type === 'cancelled');
  const record = isCancelled ? await stored() : undefined;
  if (record) return record;
  if (cause instanceof ApplicationFailure) {
    const carried = cause.details?.[0] as T | undefined; // a scrape's failure carries its record
    if (carried) return carried;
    throw new GleanerError('invalid-input', cause.message, { cause: error });
  }
  throw new GleanerError(
    'ended',
    `${id} was ended from outside (${cause?.message ?? 'no reason given'}). ` +
      'Start the same id again: what it bought is in the journal and will be collected, not bought again',
    { cause: error },
  );
}

export function notFound(id: string): GleanerError {
  return new GleanerError(
    'not-found',
    `nothing has the id ${id}, neither in Temporal nor in the store. ` +
      `Ids are printed by "gleaner scrape" and "gleaner batch", and listed by "temporal workflow list"`,
  );
}
