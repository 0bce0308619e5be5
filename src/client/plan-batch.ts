import type { BatchInput, BatchItem, Manifest, PageRow } from '../contracts/batch.ts';
import { batchId, batchScrapeId } from '../contracts/ids.ts';
import { addCharges, type Charge } from '../contracts/money.ts';
import type { ScrapeInput, ScrapeRequest } from '../contracts/scrape.ts';
import type { StoredPage } from '../store/store.ts';
import { batchFingerprint } from './batch-fingerprint.ts';
import { type PlanDeps, type PlannedItem, type PlanProblem, planItems } from './plan-items.ts';
import { toPages } from './plan-pages.ts';

export type PlannedBatch =
  | { ok: true; manifest: Manifest; pages: StoredPage[] }
  | { ok: false; problems: PlanProblem[] };

type Row = StoredPage[number];

/**
 * Lays out a batch: every prompt to every scraper as often as asked, in pages that a partition can read. Pure, so that
 * the client and the worker (for prompts typed into the Temporal UI) get the same scrapes with the same ids. Rows go by
 * item, then sample, then scraper: all engines are busy from the start.
 */
export function planBatch(input: BatchInput, items: readonly BatchItem[], deps: PlanDeps): PlannedBatch {
  const planned = planItems(input, items, deps);
  if (!planned.ok) return planned;
  const id = batchId(input.name);
  const rows = planned.items.flatMap((item) => itemRows(id, input, item));
  const pages = toPages(rows);
  const manifest: Manifest = {
    batchId: id,
    fingerprint: batchFingerprint(input, planned.items),
    createdAt: deps.now.toISOString(),
    simulated: deps.simulated,
    pages: pages.length,
    total: rows.length,
    bound: sum(rows),
  };
  return { ok: true, manifest, pages };
}

function itemRows(id: string, batch: BatchInput, item: PlannedItem): Row[] {
  const rows: Row[] = [];
  for (let sample = 1; sample <= (batch.samples ?? 1); sample++) {
    for (const { request, bound } of item.purchases) {
      const scrapeId = batchScrapeId(id, item.id, request.scraper, sample);
      rows.push({ scrapeId, input: rowInput(id, batch, item, request, sample), bound });
    }
  }
  return rows;
}

/** Only what is set: it travels in a history once a scrape. */
function rowInput(
  id: string,
  batch: BatchInput,
  item: PlannedItem,
  { scraper, prompt, market, params }: ScrapeRequest,
  sample: number,
): PageRow['input'] {
  const label = item.label ?? batch.label;
  const input: ScrapeInput = { scraper, prompt, market };
  if (Object.keys(params).length > 0) input.params = params;
  if (batch.account !== undefined) input.account = batch.account;
  if (label !== undefined) input.label = label;
  if (batch.maxSubmissions !== undefined) input.maxSubmissions = batch.maxSubmissions;
  if (batch.onUnknown !== undefined) input.onUnknown = batch.onUnknown;
  // The batch's own limit is given to its scrapes when they start, so that a higher one counts when it is started again.
  if (item.maxCharge !== undefined) input.maxCharge = item.maxCharge;
  return { ...input, batchId: id, item: item.id, sample };
}

function sum(rows: readonly Row[]): Charge {
  const total: Charge = {};
  for (const { bound } of rows) Object.assign(total, addCharges(total, bound));
  return total;
}
