import type { ApplicationFailure } from '@temporalio/common';
import type { Intent, OpenSubmission, Submission } from '../contracts/journal.ts';
import { formatCharge } from '../contracts/money.ts';
import type { ScrapeRef } from '../contracts/scrape.ts';
import type { ActivityDeps } from './deps.ts';
import { failure } from './failure-table.ts';
import { adoptPosted } from './posted-result.ts';
import type { SubmitResult } from './purchase.ts';
import { settleRecord } from './settle-record.ts';
import type { SubmitDecision } from './submit-decision.ts';

/** Turns what the journal knows into an answer; a stored result gets its record (again), so a lost one comes back. */
export async function knownResult(
  deps: ActivityDeps,
  ref: ScrapeRef,
  submissions: readonly Submission[],
  decision: Exclude<SubmitDecision, { kind: 'buy' | 'open' }>,
): Promise<SubmitResult> {
  switch (decision.kind) {
    case 'stored':
      return { kind: 'stored', record: await settleRecord(deps, ref, submissions) };
    case 'receipt': {
      const { receipt } = decision;
      // Our clock against the provider's: only the first look's time depends on it.
      const ageMs = Math.max(0, Date.now() - Date.parse(receipt.submittedAt));
      return { kind: 'receipt', receipt, ageMs, journalled: true, searchAttributes: deps.searchAttributes };
    }
    case 'ended':
      return { kind: 'ended', verdict: decision.verdict };
    case 'unknown':
      // A result that was posted since then tells what nobody could tell before.
      for (const { intent, unknown, receipt } of submissions) {
        const posted = unknown && !receipt ? await adoptPosted(deps, intent) : undefined;
        if (posted) return knownResult(deps, ref, submissions, { kind: 'receipt', receipt: posted });
      }
      return decision;
    case 'absent':
      return decision;
  }
}

/** The one final failure that does not mean "nothing was bought"; its first detail is the open submission. */
export function openIntentFailure(ref: ScrapeRef, intent: Intent, why?: string): ApplicationFailure {
  const cause = why ?? 'its request was begun earlier and no answer is on record';
  return failure(
    'SubmitOutcomeUnknown',
    `${ref.scrapeId}: submission ${intent.n} may have been bought (${formatCharge(intent.bound)}): ${cause}`,
    { final: true, details: [openSubmission(intent)] },
  );
}

/** What the workflow needs to reconcile. */
export function openSubmission({ n, settledBy, bound }: Intent): OpenSubmission {
  return { n, settledBy, bound };
}
