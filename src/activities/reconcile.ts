import { formatCharge } from '../contracts/money.ts';
import type { ScrapeRef } from '../contracts/scrape.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailures, failure } from './failure-table.ts';
import { knownResult } from './known-result.ts';
import { adoptPosted } from './posted-result.ts';
import type { SubmitResult } from './purchase.ts';
import { decideSubmit } from './submit-decision.ts';

export interface ReconcileInput {
  ref: ScrapeRef;
  n: number;
}

/**
 * Settles a submission whose answer was lost; the workflow has slept until nobody can still be writing its receipt.
 * The journal is read again; what the provider posted for it is the proof that it was bought; a provider that cannot be searched (ScrapeLLM) leaves it unknown for good. A receipt that
 * turns up after that still wins when the scrape is started again.
 */
export async function reconcile(deps: ActivityDeps, { ref, n }: ReconcileInput): Promise<SubmitResult> {
  return asFailures(async () => {
    const submissions = await deps.store.journal.readAll(ref.scrapeId);
    const decision = decideSubmit(submissions, n);
    if (decision.kind === 'buy') {
      // Its refusal was written in the meantime: nothing was bought, and the workflow may ask again.
      const refused = submissions.find((submission) => submission.n === n)?.refused;
      if (refused) return { kind: 'refused', refused };
      throw failure(
        'StoreUnavailable',
        `${ref.scrapeId}: the journal no longer shows the intent of submission ${n}`,
      );
    }
    if (decision.kind !== 'open') return knownResult(deps, ref, submissions, decision);
    const { intent } = decision;
    const receipt = await adoptPosted(deps, intent);
    if (receipt) return knownResult(deps, ref, submissions, { kind: 'receipt', receipt });
    await deps.store.journal.createUnknown({
      scrapeId: ref.scrapeId,
      n,
      message: `the answer to submission ${n} was lost and the provider cannot be asked for it; ${formatCharge(intent.bound)} possibly spent`,
      possiblySpent: intent.bound,
      at: new Date().toISOString(),
    });
    return { kind: 'unknown', possiblySpent: intent.bound };
  });
}
