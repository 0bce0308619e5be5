import { nextDelayMs } from '../contracts/poll-schedule.ts';
import type { Receipt } from '../contracts/journal.ts';
import type { PageOutcome } from '../contracts/page-purchase.ts';
import type { ScrapeRef } from '../contracts/scrape.ts';
import type { Scraper } from '../contracts/scrapers.ts';
import { toRef } from '../contracts/to-ref.ts';
import { providerOf } from '../providers/registry.ts';
import type { ActivityDeps } from './deps.ts';
import type { PageRow } from './page-row.ts';
import type { SubmitResult } from './purchase.ts';

/**
 * Has the ready lists read for what was bought. Dying before it leaves the receipt, and whoever finds that announces it;
 * dying after it costs nothing.
 */
export async function announced<T extends SubmitResult | { kind: 'nothing' }>(
  deps: ActivityDeps,
  { scraper }: ScrapeRef,
  result: T,
): Promise<T> {
  if (result.kind === 'receipt') await wantLists(deps, result.receipt, scraper, result.ageMs);
  return result;
}

/** The same of a page: a word for each of its scrapers is enough. */
export async function announcedPage(
  deps: ActivityDeps,
  rows: readonly PageRow[],
  outcomes: PageOutcome[],
): Promise<PageOutcome[]> {
  const told = new Set<string>();
  for (const [index, outcome] of outcomes.entries()) {
    const row = rows[index];
    if (outcome.kind !== 'receipt' || !row) continue;
    const { scraper } = toRef(row.scrapeId, row.input);
    if (told.has(scraper)) continue;
    told.add(scraper);
    await wantLists(deps, outcome.receipt, scraper, 0);
  }
  return outcomes;
}

/** Wants the lists of a bought task until its scrape looks by itself. */
export async function wantLists(
  deps: ActivityDeps,
  { plan, account }: Receipt,
  scraper: Scraper,
  ageMs: number,
): Promise<void> {
  if (!plan.hinted || !providerOf(scraper).readyLists) return;
  await deps.collector.want(account, scraper, Date.now() + nextDelayMs(plan, ageMs) + LOOK_MS);
}

/** The look that follows says again whether the lists are wanted. */
export const LOOK_MS = 60_000;
