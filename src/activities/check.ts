import type { Failure } from '../contracts/failures.ts';
import type { Intent, Receipt, Submission, Verdict } from '../contracts/journal.ts';
import { formatCharge } from '../contracts/money.ts';
import type { ScrapeRecord, ScrapeRef } from '../contracts/scrape.ts';
import { providerOf } from '../providers/registry.ts';
import { countsAgainstCeiling, spendOf } from '../ledger/spend.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailures, failure } from './failure-table.ts';
import { settleLatePosts } from './late-posts.ts';
import { observe } from './observe.ts';
import { forgetPosted } from './posted-result.ts';
import { provenPurchase } from './proven-receipt.ts';
import { settleRecord } from './settle-record.ts';

export interface CheckInput {
  ref: ScrapeRef;
  receipt: Receipt;
  /** Whether another submission may follow a failed one; if not, a failure is recorded as the scrape's end. */
  mayResubmit: boolean;
  /** The first attempt looks at nothing and makes Temporal wait for this long; 0 or absent: it looks at once. */
  firstLookInMs?: number;
  /** The receipt came in the workflow's input: what the journal has of it counts. */
  claimed?: boolean;
  /** One look, which returns `pending` instead of asking for another one. */
  once?: boolean;
}

export type CheckResult =
  /** Only if asked to look `once`. */
  | { kind: 'pending' }
  | { kind: 'ended'; record: ScrapeRecord }
  /** Failed, and a fresh submission may succeed. */
  | { kind: 'failed'; failure: Failure };

/**
 * Looks at a bought task; if it has ended, stores its other forms, the result, the verdict and the record, in this order.
 * If not, it throws the retryable `Pending`, which carries the time of the next look: Temporal keeps the wait, and a look
 * that found nothing leaves no event (decision 16). What the provider posted to us is read instead of asking it. Free and
 * safe to run any number of times: a kill before the verdict means another look, a kill after it means that the next run
 * writes the record from the journal without asking the provider.
 */
export async function check(deps: ActivityDeps, input: CheckInput, attempt: number): Promise<CheckResult> {
  const { firstLookInMs = 0 } = input;
  // The first wait as a failed attempt: without the timer and the workflow task that a timer's end takes.
  if (attempt === 1 && firstLookInMs > 0) {
    const message = `${input.ref.scrapeId}: bought; first look in ${Math.round(firstLookInMs / 1000)} s`;
    throw failure('Pending', message, { retryAfterMs: firstLookInMs });
  }
  return asFailures(() => look(deps, input));
}

async function look(
  deps: ActivityDeps,
  input: CheckInput,
  only?: 'posted' | 'recorded',
): Promise<CheckResult> {
  const { ref, mayResubmit, once = false } = input;
  const bought = input.claimed ? await provenPurchase(deps, input.receipt) : await knownPurchase(deps, input);
  const { receipt, intent } = bought;
  let { verdict } = bought;
  if (only !== 'recorded')
    verdict ??= await observe(deps, { ref, receipt, intent, once, postedOnly: only === 'posted' });
  return verdict ? finish(deps, ref, verdict, mayResubmit) : { kind: 'pending' };
}

/** One file: the receipt came from the journal, and a look that finds nothing needs no more. */
async function knownPurchase(
  deps: ActivityDeps,
  { ref, receipt }: CheckInput,
): Promise<Pick<Submission, 'verdict'> & { receipt: Receipt; intent?: Intent }> {
  return { receipt, verdict: await deps.store.journal.readVerdict(ref.scrapeId, receipt.n) };
}

/**
 * Ends a scrape with what was posted to us, or with a verdict that is on record; `pending` if there is neither. It asks the
 * provider nothing, so it runs beside the workflow, in no queue and under no limit: ten thousand posted results must not
 * wait for their turn to be looked at. Killed, it is run again like a look.
 */
export async function takePosted(deps: ActivityDeps, input: CheckInput): Promise<CheckResult> {
  const isWhole = (input.receipt.variants?.length ?? 1) === 1; // further forms have to be asked for
  return asFailures(() => look(deps, { ...input, once: true }, isWhole ? 'posted' : 'recorded'));
}

async function finish(
  deps: ActivityDeps,
  ref: ScrapeRef,
  verdict: Verdict,
  mayResubmit: boolean,
): Promise<CheckResult> {
  await forgetPosted(deps, providerOf(ref.scraper), deps.store.journal.tag(ref.scrapeId, verdict.n));
  if (verdict.outcome === 'failed' && mayResubmit && !verdict.final && verdict.failure) {
    return { kind: 'failed', failure: verdict.failure };
  }
  const known = await deps.store.journal.readAll(ref.scrapeId);
  const submissions = (await settleLatePosts(deps, known))
    ? await deps.store.journal.readAll(ref.scrapeId)
    : known;
  const record = await settleRecord(deps, ref, submissions, {
    outcome: verdict.outcome,
    ...(verdict.failure && {
      failure: {
        type: verdict.failure.type,
        message: `${verdict.failure.message} (${formatCharge(countsAgainstCeiling(spendOf(submissions)))} in all)`,
      },
    }),
  });
  await deps.fault('check:ended');
  return { kind: 'ended', record };
}
