import type { BatchInput, BatchRecord, Manifest } from '../contracts/batch.ts';
import { ceilingFields } from '../contracts/ceiling.ts';
import { retryId } from '../contracts/ids.ts';
import { canonicalJson } from '../contracts/schemas/canonical-json.ts';
import { RETRIED_OUTCOMES } from '../contracts/retry.ts';
import type { RetryPlan } from '../contracts/retry.ts';
import type { ClientContext } from './client-context.ts';
import { stateOf, tryDescribe } from './describe-run.ts';
import type { RunState } from './describe-run.ts';
import { GleanerError } from './gleaner-error.ts';
import { newCeiling, prepareRetry } from './prepare-retry.ts';
import type { PreparedRetry, RetryOptions } from './prepare-retry.ts';
import { attributePairs } from './search-attributes.ts';
import { startOnce } from './start-workflow.ts';
import { notFound } from './wait.ts';

/** What a retry would do, or what one does that runs already. */
export type RetryPreview =
  | ({ kind: 'new' } & PreparedRetry)
  /** Planned earlier, and either running or never ended: starting it goes on with it. */
  | { kind: 'standing'; plan: RetryPlan; running: boolean };

export interface StartedRetry {
  batchId: string;
  /** The workflow that runs it; undefined if there was nothing to buy. */
  retryId: string | undefined;
  /** It ran already. */
  attached: boolean;
  plan: RetryPlan;
}

/**
 * What a retry of a batch would buy; starts and writes nothing. Throws `GleanerError`: `not-found`, `conflict` while the
 * batch runs or another retry of it does, `invalid-input` for parameters that do not fit.
 */
export async function previewRetry(
  context: ClientContext,
  batchId: string,
  options: RetryOptions = {},
): Promise<RetryPreview> {
  const { store } = context;
  const manifest = await store.batches.readManifest(batchId);
  if (!manifest) throw notFound(batchId);
  const latest = await store.retries.latest(batchId);
  const before = await store.batches.readRecord(batchId);
  const standing = latest > (before?.retries ?? 0) ? await store.retries.read(batchId, latest) : undefined;
  const state = standing && (await stateOfRun(context, retryId(batchId, latest)));
  // Temporal has not started it, or lost its database: the plan is where it goes on.
  if (standing && (state === 'running' || state === undefined)) {
    if (!isSame(standing, options)) throw otherRetry(standing);
    return { kind: 'standing', plan: standing, running: state === 'running' };
  }
  const record = await recordOfEnded(context, manifest);
  return { kind: 'new', ...(await prepareRetry(store, { manifest, record, n: latest + 1 }, options)) };
}

/**
 * Buys scrapes of an ended batch once more, under what is left of its ceiling; `prepared` is what was shown of it. The same
 * call twice at the same time starts one retry. With nothing to buy it starts none.
 */
export async function retryBatch(
  context: ClientContext,
  batchId: string,
  options: RetryOptions = {},
  prepared?: RetryPreview,
): Promise<StartedRetry> {
  const preview = prepared ?? (await previewRetry(context, batchId, options));
  if (preview.plan.total === 0) return { batchId, retryId: undefined, attached: false, plan: preview.plan };
  const { store } = context;
  const { temporal } = await context.forBuying();
  // Whoever comes second at the same time finds the first one's plan, and attaches to it.
  const plan =
    preview.kind === 'new' ? await store.retries.create(preview.plan, preview.pages) : preview.plan;
  if (!isSame(plan, options)) throw otherRetry(plan);
  const workflowId = retryId(batchId, plan.n);
  const run = await startOnce(temporal, 'batchWorkflow', {
    workflowId,
    args: [await inputOf(context, plan, options)],
    staticSummary: `${plan.total} scrapes of ${batchId} once more: ${plan.only.join(', ')}`,
    ...((await context.searchAttributes()) && {
      typedSearchAttributes: attributePairs({ BatchId: batchId }),
    }),
  });
  return { batchId, retryId: workflowId, attached: run.attached, plan };
}

async function inputOf(
  { store }: ClientContext,
  { batchId, n }: RetryPlan,
  options: RetryOptions,
): Promise<BatchInput> {
  const { window } = options;
  const ceiling = newCeiling((await store.batches.readRecord(batchId)) ?? {}, options);
  return {
    name: batchId.replace(/^batch\//, ''),
    retry: n,
    ...(window !== undefined && { window }),
    ...(ceiling && ceilingFields(ceiling)),
  };
}

/** A batch that runs may still change what is to be retried; one that never ended has no ceiling to go by. */
async function recordOfEnded(context: ClientContext, { batchId }: Manifest): Promise<BatchRecord> {
  if ((await stateOfRun(context, batchId)) === 'running') {
    throw new GleanerError(
      'conflict',
      `${batchId} still runs: wait for it, or end it by "gleaner cancel ${batchId}"; nothing was bought`,
    );
  }
  const record = await context.store.batches.readRecord(batchId);
  if (record) return record;
  throw new GleanerError(
    'conflict',
    `${batchId} was ended from outside before all its scrapes had an outcome: start the same batch again first; nothing was bought`,
  );
}

async function stateOfRun(context: ClientContext, id: string): Promise<RunState | undefined> {
  const description = await tryDescribe(await context.temporal(), id);
  return description && stateOf(description);
}

/** What of an option was not said takes no part in the comparison with its default written out. */
function isSame(plan: RetryPlan, { only = RETRIED_OUTCOMES, set = {} }: RetryOptions): boolean {
  const asked = { only: [...only].sort(), set };
  return canonicalJson(asked) === canonicalJson({ only: [...plan.only].sort(), set: plan.set });
}

function otherRetry({ batchId, n, only, set }: RetryPlan): GleanerError {
  const params = Object.entries(set).map(([name, value]) => ` --set ${name}=${value}`);
  return new GleanerError(
    'conflict',
    `${retryId(batchId, n)} was begun and has not ended (--only ${only.join(',')}${params.join('')}): wait for it, or go on ` +
      'with it by the same options; nothing was bought',
  );
}
