import { isDeepStrictEqual } from 'node:util';
import { ceilingOf } from '../contracts/ceiling.ts';
import { parseBatchInput, parseBatchItems } from '../contracts/schemas/batch-input.ts';
import { formatProblems } from '../contracts/schemas/problems.ts';
import { batchId } from '../contracts/ids.ts';
import type { BatchInput, BatchItem, Manifest } from '../contracts/batch.ts';
import { planBatch as plan } from '../client/plan-batch.ts';
import { defaultWindow } from '../providers/default-window.ts';
import { providerOf, scraperSpec } from '../providers/registry.ts';
import type { Problem } from '../providers/provider.ts';
import type { StoredPage } from '../store/store.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailures, failure } from './failure-table.ts';
import { pageGroupsOf } from './page-groups.ts';

export interface PlanBatchResult {
  manifest: Manifest;
  searchAttributes: boolean;
  /** How many scrapes go into one call, where a provider takes many; absent if all are bought one by one. */
  pageTasks?: number;
  /** Scrapes that are open at once if the batch does not say; absent in histories of before. */
  defaultWindow?: number;
  /** When the batch that a retry belongs to began. */
  begunAt?: string;
  /** The last retry of this batch, this one included. */
  retries?: number;
}

/**
 * Checks a batch in full and writes its manifest and pages under its name, once. The same batch again finds them; another
 * one under a used name is `InvalidInput`. Buys nothing.
 */
export async function planBatch(
  deps: ActivityDeps,
  { input }: { input: BatchInput },
): Promise<PlanBatchResult> {
  return asFailures(async () => {
    const parsed = parseBatchInput(input);
    if (!parsed.ok) throw invalid(input.name, parsed.problems);
    if (parsed.input.retry !== undefined) return plannedRetry(deps, parsed.input, parsed.input.retry);
    const items = await itemsOf(deps, parsed.input);
    const planned = plan(parsed.input, items, {
      validate: (request) => providerOf(request.scraper).validate(request),
      params: (scraper) => scraperSpec(scraper).params,
      priceBound: (request) => providerOf(request.scraper).priceBound(request),
      simulated: deps.accounts.simulated,
      now: new Date(),
    });
    if (!planned.ok) throw invalid(input.name, planned.problems);
    const standing = await deps.store.batches.create(planned.manifest, planned.pages);
    await deps.fault('batch:planned');
    if (standing.fingerprint !== planned.manifest.fingerprint) {
      throw invalid(input.name, [
        {
          field: 'name',
          message:
            `"${input.name}" is the name of another batch of ${standing.total} scrapes begun ${standing.createdAt}; ` +
            `this one differs. Choose another name`,
        },
      ]);
    }
    await keepCeiling(deps, standing.batchId, parsed.input);
    const retries = (await deps.store.batches.readRecord(standing.batchId))?.retries;
    return {
      manifest: standing,
      searchAttributes: deps.searchAttributes,
      ...pageTasksOf(planned.pages),
      defaultWindow: defaultWindow(scrapersOf(planned.pages)),
      ...(retries !== undefined && { retries }),
    };
  });
}

/** A retry goes on with the manifest that stands, and with what its client has planned. */
async function plannedRetry(deps: ActivityDeps, input: BatchInput, n: number): Promise<PlanBatchResult> {
  const { name } = input;
  const { batches, retries } = deps.store;
  const id = batchId(name);
  const manifest = await batches.readManifest(id);
  const plan = await retries.read(id, n);
  if (!manifest || !plan) {
    const message = `${n} is planned by no client; start it by "gleaner retry ${id}"`;
    throw invalid(name, [{ field: 'retry', message }]);
  }
  await keepCeiling(deps, id, input);
  const pages: StoredPage[] = [];
  for (const page of plan.pages) pages.push(await batches.readPage(id, page));
  const begunAt = (await batches.readRecord(id))?.startedAt;
  return {
    manifest,
    searchAttributes: deps.searchAttributes,
    ...pageTasksOf(pages),
    defaultWindow: defaultWindow(scrapersOf(pages)),
    retries: n,
    ...(begunAt !== undefined && { begunAt }),
  };
}

/** For scrapes of the batch that somebody starts by themselves: the record, which has it too, comes only at the end. */
async function keepCeiling(deps: ActivityDeps, id: string, input: BatchInput): Promise<void> {
  const ceiling = ceilingOf(input) ?? {};
  const standing = (await deps.store.batches.readCeiling(id)) ?? {};
  if (isDeepStrictEqual(ceiling, standing)) return;
  await deps.store.batches.writeCeiling(id, ceiling);
  await deps.fault('batch:ceiling-written');
}

function pageTasksOf(pages: readonly StoredPage[]): Pick<PlanBatchResult, 'pageTasks'> {
  const sizes = Object.values(pageGroupsOf(scrapersOf(pages))).map(({ maxTasks }) => maxTasks);
  return sizes.length > 0 ? { pageTasks: Math.max(...sizes) } : {};
}

function scrapersOf(pages: readonly StoredPage[]): string[] {
  return pages.flatMap((page) => page.map(({ input }) => input.scraper));
}

async function itemsOf(deps: ActivityDeps, input: BatchInput): Promise<BatchItem[]> {
  if (input.manifest === undefined) {
    return (input.prompts ?? []).map((item) => (typeof item === 'string' ? { prompt: item } : item));
  }
  const body = await deps.store.batches.readUpload(input.manifest);
  if (body === undefined) {
    throw invalid(input.name, [
      {
        field: 'manifest',
        message: `the store at ${deps.store.location} has nothing under "${input.manifest}"`,
      },
    ]);
  }
  const items = parseBatchItems(JSON.parse(new TextDecoder().decode(body)));
  if (!items.ok) throw invalid(input.name, items.problems);
  return items.items;
}

function invalid(name: string, problems: readonly Problem[]): Error {
  return failure(
    'InvalidInput',
    `${batchId(name)}: ${formatProblems(problems, 20).join('; ')}. Nothing was bought.`,
    {
      final: true,
    },
  );
}
