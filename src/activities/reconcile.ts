import type { Intent, Refused } from '../contracts/journal.ts';
import { formatCharge } from '../contracts/money.ts';
import type { ScrapeRef } from '../contracts/scrape.ts';
import { splitScraper } from '../contracts/scrapers.ts';
import type { ProviderName } from '../contracts/scrapers.ts';
import type { SearchProtocol } from '../providers/provider.ts';
import { providerOf } from '../providers/registry.ts';
import { adopt } from './adopt.ts';
import { LOOK_MS } from './announce.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailures, failure } from './failure-table.ts';
import { knownResult } from './known-result.ts';
import { adoptPosted } from './posted-result.ts';
import type { SubmitResult } from './purchase.ts';
import { decideSearch, searchWindow } from './search-decision.ts';
import { decideSubmit } from './submit-decision.ts';

export interface ReconcileInput {
  ref: ScrapeRef;
  n: number;
}

/**
 * Settles a submission whose answer was lost; the workflow has slept until nobody can still be writing its receipt.
 * The journal is read again. What the provider posted for it is the proof that it was bought; without that a provider that
 * cannot be searched (ScrapeLLM) leaves it unknown for good; of another one the collector looks through the list of
 * purchases and the lists of what is ready, and this waits as attempts (`Pending`) until what was seen there decides.
 * It writes one entry, and exclusively: a kill before it means that the next attempt decides again, after it
 * (`reconcile:settled`) that the next attempt reads it. A receipt that turns up after that still wins when the scrape is
 * started again.
 */
export async function reconcile(
  deps: ActivityDeps,
  { ref, n }: ReconcileInput,
  nowMs = Date.now(),
): Promise<SubmitResult> {
  return asFailures(async () => {
    const submissions = await deps.store.journal.readAll(ref.scrapeId);
    const decision = decideSubmit(submissions, n);
    if (decision.kind === 'buy') {
      // Its refusal was written in the meantime: nothing was bought, and the workflow may ask again.
      const submission = submissions.find((candidate) => candidate.n === n);
      const refused = submission?.refused ?? (submission && takenPlace(submission.intent));
      if (refused) return { kind: 'refused', refused };
      throw failure(
        'StoreUnavailable',
        `${ref.scrapeId}: the journal no longer shows the intent of submission ${n}`,
      );
    }
    if (decision.kind !== 'open') return knownResult(deps, ref, submissions, decision);
    const { intent } = decision;
    const posted = await adoptPosted(deps, intent);
    if (posted) return knownResult(deps, ref, submissions, { kind: 'receipt', receipt: posted });
    const { search } = providerOf(intent.request.scraper);
    if (search) await settleBySearch(deps, intent, search, nowMs);
    else await giveUp(deps, intent, 'the provider cannot be asked for it');
    await deps.fault('reconcile:settled');
    const settled = await deps.store.journal.readAll(ref.scrapeId);
    const known = decideSubmit(settled, intent.n);
    if (known.kind === 'buy' || known.kind === 'open') {
      throw failure(
        'StoreUnavailable',
        `${ref.scrapeId}: the journal does not show how submission ${n} was settled`,
      );
    }
    return knownResult(deps, ref, settled, known);
  });
}

/** Its place was taken before it was begun (ledger/recount.ts): nothing was sent, and the next try may. */
function takenPlace({ withdrawn, scrapeId, n, try: attempt, createdAt }: Intent): Refused | undefined {
  if (!withdrawn) return undefined;
  const message = 'it was begun too late: what was reserved for it had been given back, and nothing was sent';
  return { scrapeId, n, try: attempt, reason: 'not-sent', message, at: createdAt };
}

/** Writes what the searches so far prove, or throws `Pending` with the time at which to ask again. */
async function settleBySearch(
  deps: ActivityDeps,
  intent: Intent,
  search: SearchProtocol,
  nowMs: number,
): Promise<void> {
  const where = searchOf(intent, search);
  // A ready list may have shown it before anybody could search for it.
  const sweeps = await deps.store.sweeps.readSince(where, Date.parse(intent.createdAt));
  const { proof } = deps;
  const said = decideSearch(intent, sweeps, { nowMs, reachMs: search.reachMs, proof });
  switch (said.kind) {
    case 'found': {
      const submission = await deps.store.journal.read(intent.scrapeId, intent.n);
      const purchases = sweeps.flatMap((sweep) => sweep.own[intent.tag] ?? []);
      if (submission) await adopt(deps, submission, purchases);
      return;
    }
    case 'absent':
      return deps.store.journal.createUnknown({
        scrapeId: intent.scrapeId,
        n: intent.n,
        message: `the provider’s list of ${said.sweep.begunAt} shows that submission ${intent.n} was not bought`,
        possiblySpent: {},
        at: new Date(nowMs).toISOString(),
        absent: true,
      });
    case 'unprovable': {
      const leftMs = listedByMs(deps, intent) - nowMs;
      if (leftMs <= 0) return giveUp(deps, intent, said.why);
      throw await stillOpen(deps, intent, nowMs, {
        why: `${said.why}; a list of what is ready may show it yet`,
        waitMs: Math.min(leftMs, LIST_WAIT_MS),
      });
    }
    case 'unproven': {
      const waitMs = said.searchAtMs - nowMs;
      if (waitMs <= 0) await wantSearch(deps, intent, where);
      const next = waitMs > 0 ? `searched again in ${Math.round(waitMs / 1000)} s` : 'searched now';
      throw await stillOpen(deps, intent, nowMs, { why: `${said.why}; ${next}`, waitMs });
    }
  }
}

/** The failure that asks Temporal to ask again. Until then the lists are wanted that would show a task that has ended. */
async function stillOpen(
  deps: ActivityDeps,
  { scrapeId, n, account, request: { scraper } }: Intent,
  nowMs: number,
  { why, waitMs }: { why: string; waitMs: number },
): Promise<Error> {
  const retryAfterMs = Math.max(waitMs, deps.proof.askAgainMs);
  if (providerOf(scraper).readyLists) {
    await deps.collector.want(account, scraper, nowMs + retryAfterMs + LOOK_MS);
  }
  const message = `${scrapeId}: the answer to submission ${n} was lost; ${why}`;
  return failure('Pending', message, { retryAfterMs });
}

/** When a bought task has very likely ended and come to a ready list, milliseconds since the epoch. */
function listedByMs(deps: ActivityDeps, { createdAt, account, request }: Intent): number {
  const provider = providerOf(request.scraper);
  if (!provider.readyLists) return 0;
  const timeScale = deps.accounts.find(provider.name, account)?.timeScale ?? 1;
  const { firstMs } = provider.pollPlan(request, timeScale);
  return Date.parse(createdAt) + firstMs + deps.proof.witnessedAfterMs;
}

/** Asking is a look into the store. */
const LIST_WAIT_MS = 60_000;

/** Which list of purchases a submission would be in. */
interface SearchPlace {
  provider: ProviderName;
  account: string;
  family: string;
}

export function searchOf({ account, request: { scraper } }: Intent, search: SearchProtocol): SearchPlace {
  return { provider: splitScraper(scraper).provider, account, family: search.familyOf(scraper) };
}

/** Has the collector search for a submission. */
export async function wantSearch(
  deps: ActivityDeps,
  intent: Intent,
  { provider, account, family }: SearchPlace,
): Promise<void> {
  const { fromMs, toMs } = searchWindow(intent, deps.proof);
  await deps.collector.wantSweep(provider, account, {
    family,
    // Whole minutes, so that all who lost the same call ask for the same.
    from: new Date(Math.floor(fromMs / MINUTE_MS) * MINUTE_MS).toISOString(),
    to: new Date(Math.ceil(toMs / MINUTE_MS) * MINUTE_MS).toISOString(),
  });
}

const MINUTE_MS = 60_000;

async function giveUp(deps: ActivityDeps, intent: Intent, why: string): Promise<void> {
  await deps.store.journal.createUnknown({
    scrapeId: intent.scrapeId,
    n: intent.n,
    message: `the answer to submission ${intent.n} was lost and ${why}; ${formatCharge(intent.bound)} possibly spent`,
    possiblySpent: intent.bound,
    at: new Date().toISOString(),
  });
}
