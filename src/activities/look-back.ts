import type { Submission } from '../contracts/journal.ts';
import type { ScrapeRef } from '../contracts/scrape.ts';
import { providerOf } from '../providers/registry.ts';
import { adopt } from './adopt.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailures, failure } from './failure-table.ts';
import { adoptPosted } from './posted-result.ts';
import { searchOf, wantSearch } from './reconcile.ts';

export interface LookBackInput {
  ref: ScrapeRef;
  /** When the retry began, milliseconds since the epoch: only a search begun after it tells anything new. */
  sinceMs: number;
}

/**
 * A free look, before a retry buys, at the purchases of a scrape whose answers were lost for good: what was posted for them
 * since, and what the provider's list of purchases shows now. What is found gets its receipt, so that it is collected instead
 * of bought again; a kill in between leaves the receipt, or another look. Waits as attempts (`Pending`) for a search. Where
 * the provider cannot be asked, or its list no longer reaches back, there is nothing to wait for.
 */
export async function lookBack(
  deps: ActivityDeps,
  { ref, sinceMs }: LookBackInput,
  nowMs = Date.now(),
): Promise<void> {
  return asFailures(async () => {
    const submissions = await deps.store.journal.readAll(ref.scrapeId);
    for (const submission of submissions.filter(isLost)) {
      if (!(await adoptPosted(deps, submission.intent))) await adoptListed(deps, submission, sinceMs, nowMs);
    }
  });
}

function isLost({ unknown, receipt }: Submission): boolean {
  return unknown !== undefined && !unknown.absent && !receipt;
}

async function adoptListed(
  deps: ActivityDeps,
  submission: Submission,
  sinceMs: number,
  nowMs: number,
): Promise<void> {
  const { intent } = submission;
  const { search } = providerOf(intent.request.scraper);
  if (!search) return;
  const where = searchOf(intent, search);
  const sweeps = await deps.store.sweeps.readSince(where, Date.parse(intent.settledBy));
  const purchases = sweeps.flatMap((sweep) => sweep.own[intent.tag] ?? []);
  if (purchases.length > 0) {
    await adopt(deps, submission, purchases);
    return;
  }
  const isPast = nowMs - Date.parse(intent.createdAt) > search.reachMs - deps.proof.windowMarginMs;
  const isSearched = sweeps.some(
    ({ begunAt, from, to }) =>
      Date.parse(begunAt) >= sinceMs && from <= intent.createdAt && to >= intent.settledBy,
  );
  if (isPast || isSearched) return;
  await wantSearch(deps, intent, where);
  const message = `${intent.scrapeId}: before it is bought again, submission ${intent.n} is searched for`;
  throw failure('Pending', message, { retryAfterMs: deps.proof.askAgainMs });
}
