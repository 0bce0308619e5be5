import { GleanerError } from '../../../src/client/gleaner-error.ts';
import type { Gleaner } from '../../../src/client/connect-gleaner.ts';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { batchId, retryId } from '../../../src/contracts/ids.ts';
import type { ScrapeInput } from '../../../src/contracts/scrape.ts';
import type { Store } from '../../../src/store/store.ts';
import { underCeiling } from './questions.ts';
import type { AskedBatch } from './questions.ts';

/**
 * Who wants the batches: starts each, and starts it again under its name whenever it is not there any more (the database was
 * deleted) or ended in another way than by its end. A scrape that was terminated is started by itself, as its record says.
 */
export class BatchKeeper {
  readonly asked: AskedBatch[] = [];
  /** Ids of scrapes that were started by themselves. */
  readonly startedAlone = new Set<string>();
  readonly #finished = new Set<string>();
  readonly #client: Client;
  readonly #store: Store;
  readonly #gleaner: Gleaner;
  /** Batches whose retry is to be brought to its end. */
  readonly #retried = new Set<string>();

  constructor(client: Client, store: Store, gleaner: Gleaner) {
    this.#client = client;
    this.#store = store;
    this.#gleaner = gleaner;
  }

  get open(): AskedBatch[] {
    return this.asked.filter(({ input }) => !this.#finished.has(input.name));
  }

  async start(batch: AskedBatch): Promise<void> {
    if (!this.asked.includes(batch)) this.asked.push(batch);
    await this.#startOnce('batchWorkflow', batchId(batch.input.name), batch.input);
  }

  /** Starts a scrape of a batch by itself; it goes on where its journal says. */
  async startScrape(scrapeId: string): Promise<boolean> {
    const input = await this.#inputOf(scrapeId);
    if (!input) return false;
    this.startedAlone.add(scrapeId);
    await this.#startOnce('scrapeWorkflow', scrapeId, input);
    return true;
  }

  /**
   * Asks for all of a batch that has no result once more, as often as somebody likes: a batch that runs refuses it, a retry that
   * runs is joined. Returns whether a retry of it runs now.
   */
  async retry({ input }: AskedBatch): Promise<boolean> {
    try {
      const { retryId } = await this.#gleaner.retryBatch(batchId(input.name), { window: 40 });
      if (retryId === undefined) return false;
      this.#finished.delete(input.name);
      this.#retried.add(input.name);
      return true;
    } catch (error) {
      if (error instanceof GleanerError && error.kind === 'conflict') return false;
      throw error;
    }
  }

  /**
   * Asks for a batch again with a ceiling by half higher, as a user does: a running one is told, one that has just ended goes on.
   * The ceiling counts from now on, whether anybody heard of it or not. Returns false if there is none to raise.
   */
  async raise(batch: AskedBatch): Promise<boolean> {
    const { ceiling } = batch;
    if (!ceiling) return false;
    const { credits = 0, usdMicros = 0 } = ceiling;
    const most = { credits: Math.ceil(credits * 1.5), usdMicros: Math.ceil(usdMicros * 1.5) };
    Object.assign(batch, underCeiling(batch, most));
    await this.#gleaner.startBatch(batch.input);
    this.#finished.delete(batch.input.name);
    return true;
  }

  /** Looks at every batch that is not finished, and starts what has to be started again. */
  async tend(): Promise<void> {
    for (const batch of this.open) {
      const status = await this.#statusOf(batchId(batch.input.name));
      if (status === 'COMPLETED' && this.#retried.has(batch.input.name)) await this.#tendRetry(batch);
      else if (status === 'COMPLETED') await this.#finish(batch);
      else if (status !== 'RUNNING') await this.start(batch);
    }
  }

  /** Scrapes that have no outcome or something to be collected or settled. */
  async unsettled(batch: AskedBatch): Promise<string[]> {
    const ids: string[] = [];
    for (const { scrapeId } of batch.scrapes) if (!(await this.#isSettled(scrapeId))) ids.push(scrapeId);
    return ids;
  }

  /** A retry runs the batch under the batch's own id in between; when that has ended, it is begun again until nothing stands. */
  async #tendRetry(batch: AskedBatch): Promise<void> {
    const id = batchId(batch.input.name);
    const n = await this.#store.retries.latest(id);
    const status = await this.#statusOf(retryId(id, n));
    if (status === 'COMPLETED') this.#retried.delete(batch.input.name);
    else if (status !== 'RUNNING' && !(await this.retry(batch))) await this.start(batch);
  }

  async #finish(batch: AskedBatch): Promise<void> {
    const left = await this.unsettled(batch);
    for (const scrapeId of left) await this.startScrape(scrapeId);
    if (left.length === 0) this.#finished.add(batch.input.name);
  }

  async #isSettled(scrapeId: string): Promise<boolean> {
    const submissions = await this.#store.journal.readAll(scrapeId);
    const owed = submissions.some(
      ({ intent, refused, receipt, unknown, verdict }) =>
        !verdict && (receipt !== undefined || !(refused || unknown || intent.withdrawn)),
    );
    return !owed && (await this.#store.records.read(scrapeId)) !== undefined;
  }

  async #inputOf(scrapeId: string): Promise<ScrapeInput | undefined> {
    const [kind, name] = scrapeId.split('/');
    const manifest = await this.#store.batches.readManifest(`${kind}/${name}`);
    for (let page = 1; page <= (manifest?.pages ?? 0); page++) {
      const rows = await this.#store.batches.readPage(`${kind}/${name}`, page);
      const row = rows.find((each) => each.scrapeId === scrapeId);
      if (row) return row.input;
    }
    return undefined;
  }

  async #statusOf(workflowId: string): Promise<string> {
    try {
      return (await this.#client.workflow.getHandle(workflowId).describe()).status.name;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return 'NOT FOUND';
      throw error;
    }
  }

  async #startOnce(type: string, workflowId: string, input: unknown): Promise<void> {
    try {
      await this.#client.workflow.start(type, {
        taskQueue: 'gleaner',
        workflowId,
        args: [input],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
        workflowIdConflictPolicy: 'USE_EXISTING',
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error; // it has completed
    }
  }
}
