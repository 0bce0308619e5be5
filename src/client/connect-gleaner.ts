import type { Client } from '@temporalio/client';
import type { Config } from '../config/config.ts';
import { readConfig } from '../config/read-config.ts';
import type { BatchInput, BatchRecord } from '../contracts/batch.ts';
import type { ScrapeInput, ScrapeRecord } from '../contracts/scrape.ts';
import { openFileStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { audit, type AuditOptions, type AuditReport } from './audit.ts';
import { batchStatus, type BatchStatus } from './batch-status.ts';
import { cancelWorkflow } from './cancel.ts';
import { createContext } from './client-context.ts';
import type { GleanerError } from './gleaner-error.ts';
import { readVariants, type VariantBody } from './result-variants.ts';
import { readResults, type Result } from './results.ts';
import { freeBatchName, startBatch, type StartedBatch } from './start-batch.ts';
import type { RetryOptions } from './prepare-retry.ts';
import { previewRetry, retryBatch } from './retry-batch.ts';
import type { RetryPreview, StartedRetry } from './retry-batch.ts';
import { startScrape, type StartedScrape } from './start-scrape.ts';
import { scrapeStatus, type ScrapeStatus } from './scrape-status.ts';
import { connectTemporal, type Temporal } from './temporal.ts';
import { waitForBatch, waitForRetry, waitForScrape } from './wait.ts';
import { watchBatch, type WatchOptions } from './watch-batch.ts';
import { hasWorker } from './why-waiting.ts';

export interface GleanerOptions {
  /** Everything that the environment decides. Default: read from `env`. */
  config?: Config;
  /** Variables to read the configuration from; nothing is read from `process.env` unless you pass it. */
  env?: Record<string, string | undefined>;
  /** A client of your own, with its namespace; you close it. Default: the configuration's server. */
  client?: Client;
  /** A store that is open already. Default: the configuration's. */
  store?: Store;
}

/** Starts scrapes and batches, waits for them and reads them. Every method may throw `GleanerError`. */
export interface Gleaner {
  readonly store: Store;
  /** Starts a scrape, or attaches to the one with this id. */
  startScrape(input: ScrapeInput, options?: { id?: string }): Promise<StartedScrape>;
  /** Starts a batch, or attaches to the one of this name. `place` names an item in problems. */
  startBatch(input: BatchInput, options?: { place?: (index: number) => string }): Promise<StartedBatch>;
  /** The name if no batch has it, else the first free one of `<name>-2`, `<name>-3` and so on. */
  freeBatchName(name: string): Promise<string>;
  /** What `retryBatch` would buy and what that costs at most; starts and writes nothing. */
  previewRetry(batchId: string, options?: RetryOptions): Promise<RetryPreview>;
  /** Buys scrapes of an ended batch once more, under what is left of its ceiling. `previewed`: what was shown of it. */
  retryBatch(batchId: string, options?: RetryOptions, previewed?: RetryPreview): Promise<StartedRetry>;
  /** Waits until a retry has ended; resolves with the record of its batch. */
  waitForRetry(retry: { batchId: string; retryId: string }): Promise<BatchRecord>;
  /** Waits for the outcome, whatever it is, also through restarts of the server. */
  waitForScrape(scrapeId: string): Promise<ScrapeRecord>;
  waitForBatch(batchId: string): Promise<BatchRecord>;
  /** Ends buying; what was paid for is still collected. */
  cancel(id: string): Promise<void>;
  scrapeStatus(scrapeId: string): Promise<ScrapeStatus>;
  batchStatus(batchId: string): Promise<BatchStatus>;
  /** Looks at a batch every two seconds until it has ended; its pace is that of the last minute. */
  watchBatch(batchId: string, options?: WatchOptions): AsyncGenerator<BatchStatus>;
  /** Results of a scrape or a batch as far as they are in; needs no server. */
  results(id: string): AsyncGenerator<Result>;
  /** The raw bodies of one form of the results, such as `html`; needs no server. */
  variants(id: string, variant: string, skipped: (error: GleanerError) => void): AsyncGenerator<VariantBody>;
  /** Compares what was bought by the journal with what providers, records and results say; needs no server. */
  audit(options?: AuditOptions): Promise<AuditReport>;
  /** Whether any worker polls this client's task queue. */
  hasWorker(): Promise<boolean>;
  /** The connection, made at first use. */
  temporal(): Promise<Temporal>;
  close(): Promise<void>;
}

/**
 * Opens the store and connects at first use, so that what the store knows can be read without a server.
 *
 * @example
 * const gleaner = await connectGleaner({ env: process.env });
 * const { scrapeId } = await gleaner.startScrape({ scraper: 'scrapellm/chatgpt', prompt: 'best desk lamp' });
 * const record = await gleaner.waitForScrape(scrapeId);
 */
export async function connectGleaner(options: GleanerOptions): Promise<Gleaner> {
  const config = options.config ?? readConfig(options.env ?? {}, process.cwd());
  const store = options.store ?? (await openFileStore(config.store, { simulated: config.simulated }));
  const { client } = options;
  const context = createContext(store, async () =>
    client ? given(client, config) : connectTemporal(config),
  );
  return {
    store,
    startScrape: (input, more) => startScrape(context, input, more),
    startBatch: (input, more) => startBatch(context, input, more),
    previewRetry: (id, more) => previewRetry(context, id, more),
    retryBatch: (id, more, previewed) => retryBatch(context, id, more, previewed),
    waitForRetry: (retry) => waitForRetry(context, retry),
    freeBatchName: (name) => freeBatchName(context, name),
    waitForScrape: (id) => waitForScrape(context, id),
    waitForBatch: (id) => waitForBatch(context, id),
    cancel: (id) => cancelWorkflow(context, id),
    scrapeStatus: (id) => scrapeStatus(context, id),
    batchStatus: (id) => batchStatus(context, id),
    watchBatch: (id, more) => watchBatch(context, id, more),
    results: (id) => readResults(store, id),
    variants: (id, variant, skipped) => readVariants(store, id, variant, { now: new Date(), skipped }),
    audit: (more) => audit(context, config, more),
    hasWorker: async () => hasWorker(await context.temporal()),
    temporal: () => context.temporal(),
    close: () => context.close(),
  };
}

function given(client: Client, { taskQueue }: Config): Temporal {
  const { namespace } = client.options;
  return { client, namespace, taskQueue, address: 'a client that was passed in', close: async () => {} };
}
