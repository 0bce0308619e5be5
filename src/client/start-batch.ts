import type { BatchInput, BatchItem, Manifest } from '../contracts/batch.ts';
import { batchId } from '../contracts/ids.ts';
import { MAX_INLINE_BYTES } from '../contracts/schemas/batch-input.ts';
import { ceilingOf, type Ceiling } from '../contracts/ceiling.ts';
import { CURRENCIES, parseCharge } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import type { ClientContext } from './client-context.ts';
import { excerpt } from './excerpt.ts';
import { GleanerError } from './gleaner-error.ts';
import { raiseCeiling } from './raise-ceiling.ts';
import { prepareBatch, type PreparedBatch } from './prepare-batch.ts';
import { attributePairs } from './search-attributes.ts';
import { readStartInput, startOnce } from './start-workflow.ts';

export interface StartedBatch {
  batchId: string;
  runId?: string;
  /** A batch of this name and content was there already, running or ended; nothing new was started. */
  attached: boolean;
  /** An ended batch of this name goes on: it was cancelled or failed, or its ceiling is higher now than it was. */
  resumed: boolean;
  /** When the batch of this name first began. */
  startedAt: string;
  running: boolean;
  /** What holds for a running batch that was attached to, after its ceiling was raised if a higher one was given. */
  ceiling?: Ceiling;
  raised?: boolean;
  /** Scrapes in all, and the most that they cost if each is bought once. */
  total: number;
  bound: Charge;
}

/**
 * Starts a batch, or attaches to the one that has its name. Throws `GleanerError`: `invalid-input` with every problem, or
 * `conflict` if the name was used for another batch. Either way nothing was bought.
 */
export async function startBatch(
  context: ClientContext,
  input: BatchInput,
  options: { place?: (index: number) => string } = {},
): Promise<StartedBatch> {
  const prepared = prepareBatch(input, { simulated: context.simulated, now: new Date(), ...options });
  const { manifest } = prepared;
  const { store } = context;
  const standing = await store.batches.readManifest(manifest.batchId);
  if (standing && standing.fingerprint !== manifest.fingerprint) throw otherBatch(standing, manifest);
  const { temporal } = await context.forBuying();
  const reuse = (await limitWasRaised(context, prepared)) ? 'ALLOW_DUPLICATE' : 'ALLOW_DUPLICATE_FAILED_ONLY';
  const run = await startOnce(
    temporal,
    'batchWorkflow',
    {
      workflowId: manifest.batchId,
      args: [await workflowInput(context, prepared)],
      staticSummary: `${manifest.total} scrapes · ${excerpt(prepared.items?.[0]?.prompt ?? '', 60)}`,
      ...((await context.searchAttributes()) && {
        typedSearchAttributes: attributePairs({
          BatchId: manifest.batchId,
          Label: prepared.input.label,
          Account: prepared.input.account,
        }),
      }),
    },
    reuse,
  );
  // A batch that waits for a worker has no manifest yet, so its input is compared.
  if (run.attached && !standing) {
    const other = await manifestOfRun(context, manifest.batchId, run.runId);
    if (other && other.fingerprint !== manifest.fingerprint) throw otherBatch(other, manifest);
  }
  const standingCeiling = run.attached && run.running ? await raiseCeiling(context, prepared, run.runId) : {};
  return {
    batchId: manifest.batchId,
    runId: run.runId,
    attached: run.attached,
    resumed: !run.attached && standing !== undefined,
    startedAt: standing?.createdAt ?? run.startedAt.toISOString(),
    running: run.running,
    total: manifest.total,
    bound: manifest.bound,
    ...standingCeiling,
  };
}

/** The first free name: the wished one, else with `-2`, `-3` and so on. */
export async function freeBatchName(context: ClientContext, wished: string): Promise<string> {
  const taken = new Set(await context.store.batches.list());
  let name = wished;
  for (let n = 2; taken.has(batchId(name)); n++) name = `${wished}-${n}`;
  return name;
}

/** Prompts travel inside the workflow's history while they are few, else through the store. */
async function workflowInput({ store }: ClientContext, { input, items }: PreparedBatch): Promise<BatchInput> {
  const body = Buffer.from(JSON.stringify(items));
  if (body.length <= MAX_INLINE_BYTES && items) return { ...input, prompts: items };
  return { ...input, manifest: await store.batches.writeUpload(body) };
}

/**
 * Whether a completed batch may go on: scrapes were refused for its ceiling or `maxCharge`, and the new one is higher in a
 * currency, or there is none. What was bought is in the journal and counts against the new ceiling.
 */
async function limitWasRaised(
  { store }: ClientContext,
  { input, manifest }: PreparedBatch,
): Promise<boolean> {
  const record = await store.batches.readRecord(manifest.batchId);
  if (!record || record.counts.refused === 0) return false;
  const chargeBefore = parseCharge(record.maxCharge ?? '');
  return (
    isHigher(record.ceiling ?? {}, ceilingOf(input) ?? {}) ||
    isHigher(chargeBefore ?? {}, parseCharge(input.maxCharge ?? '') ?? {})
  );
}

/** In any currency that had a limit; no limit is higher than every one. */
function isHigher(before: Ceiling, now: Ceiling): boolean {
  return CURRENCIES.some((currency) => {
    const limit = before[currency];
    return limit !== undefined && (now[currency] ?? Number.POSITIVE_INFINITY) > limit;
  });
}

async function manifestOfRun(
  context: ClientContext,
  id: string,
  runId: string,
): Promise<Manifest | undefined> {
  const { temporal } = await context.forBuying();
  const input = (await readStartInput(temporal, id, runId)) as BatchInput; // prepareBatch checks it
  try {
    const { manifest: key, ...rest } = input;
    const prompts = key === undefined ? input.prompts : await readUpload(context, key);
    const options = { simulated: context.simulated, now: new Date() };
    return prepareBatch({ ...rest, ...(prompts && { prompts }) }, options).manifest;
  } catch (error) {
    if (error instanceof GleanerError) return undefined; // typed by hand and wrong: it fails by itself
    throw error;
  }
}

async function readUpload({ store }: ClientContext, key: string): Promise<BatchItem[] | undefined> {
  const body = await store.batches.readUpload(key);
  return body && (JSON.parse(new TextDecoder().decode(body)) as BatchItem[]); // prepareBatch checks it
}

function otherBatch(standing: Manifest, wanted: Manifest): GleanerError {
  return new GleanerError(
    'conflict',
    `${standing.batchId} is the name of another batch: that one has ${standing.total} scrapes and began ` +
      `${standing.createdAt.slice(0, 10)}, this one has ${wanted.total} and differs in prompts, scrapers, markets or samples. ` +
      'Choose another --name, or --again for the next free one; nothing was bought',
  );
}
