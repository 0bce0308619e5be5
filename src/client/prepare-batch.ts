import type { BatchInput, BatchItem, Manifest } from '../contracts/batch.ts';
import { parseBatchInput, parseBatchItems } from '../contracts/schemas/batch-input.ts';
import { providerOf, scraperSpec } from '../providers/registry.ts';
import type { StoredPage } from '../store/store.ts';
import { invalidInput } from './gleaner-error.ts';
import { planBatch } from './plan-batch.ts';

/** A batch that could be started: what it would buy and what that costs at most. */
export interface PreparedBatch {
  input: BatchInput;
  /** Undefined if the items are in the store already (`manifest`). */
  items: BatchItem[] | undefined;
  manifest: Manifest;
  pages: StoredPage[];
}

/** Stands in for the key of a manifest while the settings beside it are checked. */
const ANY_KEY = 'uploads/unknown';

/**
 * Checks a batch in full without a server: input, every item, every request. `place` names an item, such as `line 7`.
 * Throws `GleanerError` (`invalid-input`) with every problem.
 */
export function prepareBatch(
  input: BatchInput,
  options: { simulated: boolean; now: Date; place?: (index: number) => string },
): PreparedBatch {
  const { input: settings, items } = checkInput(input);
  const planned = planBatch(settings, items, {
    validate: (request) => providerOf(request.scraper).validate(request),
    params: (scraper) => scraperSpec(scraper).params,
    priceBound: (request) => providerOf(request.scraper).priceBound(request),
    ...options,
  });
  if (!planned.ok) throw invalidInput(planned.problems);
  return { input: settings, items, manifest: planned.manifest, pages: planned.pages };
}

/** Prompts are checked apart from the rest, because only those that travel inline are limited in size. */
function checkInput(input: BatchInput): { input: BatchInput; items: BatchItem[] } {
  const { prompts, ...rest } = input;
  if (prompts === undefined || rest.manifest !== undefined) {
    const parsed = parseBatchInput(input);
    if (!parsed.ok) throw invalidInput(parsed.problems);
    throw invalidInput([{ field: 'prompts', message: 'must be given; the manifest key is for workers' }]);
  }
  const settings = parseBatchInput({ ...rest, manifest: ANY_KEY });
  const items = parseBatchItems(prompts);
  if (!settings.ok || !items.ok) {
    throw invalidInput([...(settings.ok ? [] : settings.problems), ...(items.ok ? [] : items.problems)]);
  }
  const { manifest: _, ...checked } = settings.input;
  return { input: checked, items: items.items };
}
