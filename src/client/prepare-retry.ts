import type { BatchRecord, Manifest } from '../contracts/batch.ts';
import { addCharges } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import { RETRIED_OUTCOMES } from '../contracts/retry.ts';
import type { RetriedOutcome, RetryPlan, RetryRow } from '../contracts/retry.ts';
import { ceilingOf, leftOf } from '../contracts/ceiling.ts';
import type { Ceiling, CeilingFields } from '../contracts/ceiling.ts';
import { toRequest } from '../contracts/schemas/scrape-request.ts';
import type { Problem } from '../contracts/schemas/problems.ts';
import type { Params, ScrapeInput, ScrapeRequest } from '../contracts/scrape.ts';
import type { Scraper } from '../contracts/scrapers.ts';
import { providerOf, scraperSpec } from '../providers/registry.ts';
import type { Store } from '../store/store.ts';
import { GleanerError, invalidInput } from './gleaner-error.ts';
import { retryRow, unknownParams } from './plan-retry.ts';

export interface RetryOptions extends CeilingFields {
  /** Outcomes to take up. Default: all that are without a result. */
  only?: readonly RetriedOutcome[];
  /** Parameters in which the new purchases differ, such as `{ bypass_cache: true }`; each scraper gets those that it has. */
  set?: Params;
  /** How many scrapes may be open at once, 1 to 2,000. Default 100, or 2,000 if all of them are bought by the page. */
  window?: number;
  // `maxCredits` and `maxUsd`: the batch's ceiling from now on. Default: as it was.
}

/** A retry that could be started: what it would buy and what that costs at most. */
export interface PreparedRetry {
  plan: RetryPlan;
  /** By the page of the batch. */
  pages: ReadonlyMap<number, readonly RetryRow[]>;
  /** Scrapes by how they ended. */
  counts: Partial<Record<RetriedOutcome, number>>;
  /** What is left of the batch's ceiling, in the currencies that have one; undefined without a ceiling. */
  left: Charge | undefined;
}

const RULES = {
  validate: (request: ScrapeRequest): Problem[] => providerOf(request.scraper).validate(request),
  priceBound: (request: ScrapeRequest): Charge => providerOf(request.scraper).priceBound(request),
  params: (scraper: Scraper): Readonly<Record<string, unknown>> => scraperSpec(scraper).params,
};

/** Reads what a retry number `n` of an ended batch would buy; writes nothing. Throws `invalid-input` with every problem. */
export async function prepareRetry(
  store: Store,
  { manifest, record, n }: { manifest: Manifest; record: BatchRecord; n: number },
  options: RetryOptions,
): Promise<PreparedRetry> {
  const { batchId } = manifest;
  const wanted = { only: [...(options.only ?? RETRIED_OUTCOMES)], set: options.set ?? {} };
  const pages = new Map<number, RetryRow[]>();
  const counts: PreparedRetry['counts'] = {};
  const problems: Problem[] = [];
  const scrapers = new Set<Scraper>();
  for (let page = 1; page <= manifest.pages; page++) {
    const rows: RetryRow[] = [];
    for (const { scrapeId, input } of await store.batches.readPage(batchId, page)) {
      const scrape = await store.records.read(scrapeId);
      const submissions = await store.journal.readAll(scrapeId);
      const request = requestOf(scrapeId, input);
      const found = retryRow({ scrapeId, request, record: scrape, submissions }, wanted, RULES);
      if (!found) continue;
      scrapers.add(request.scraper);
      rows.push(found.row);
      counts[found.outcome] = (counts[found.outcome] ?? 0) + 1;
      problems.push(...found.problems.map((one) => ({ ...one, field: `${scrapeId}, ${one.field}` })));
    }
    if (rows.length > 0) pages.set(page, rows);
  }
  const rows = [...pages.values()].flat();
  if (rows.length > 0) problems.unshift(...unknownParams(wanted.set, scrapers, RULES));
  if (problems.length > 0) throw invalidInput(problems);
  const plan: RetryPlan = {
    batchId,
    n,
    ...wanted,
    createdAt: new Date().toISOString(),
    total: rows.length,
    bound: rows.reduce((sum, { bound }) => addCharges(sum, bound), {}),
    pages: [...pages.keys()],
  };
  const spent = addCharges(record.charge, record.possiblySpent);
  const ceiling = newCeiling(record, options);
  return { plan, pages, counts, left: ceiling && leftOf(ceiling, spent) };
}

/** The batch's ceiling, or another one in the currencies that are given; undefined if there is none. */
export function newCeiling(
  { ceiling }: Pick<BatchRecord, 'ceiling'>,
  given: CeilingFields,
): Ceiling | undefined {
  const other = ceilingOf(given);
  return ceiling || other ? { ...ceiling, ...other } : undefined;
}

/** The batch's own rows were checked when its manifest was written. */
function requestOf(scrapeId: string, input: ScrapeInput): ScrapeRequest {
  const resolved = toRequest(input);
  if (resolved.ok) return resolved.request;
  throw new GleanerError('conflict', `${scrapeId}: this version cannot read what the batch asked for`);
}
