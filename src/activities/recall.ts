import { randomUUID } from 'node:crypto';
import type { Intent } from '../contracts/journal.ts';
import type { ScrapeInput, ScrapeRef } from '../contracts/scrape.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailures } from './failure-table.ts';
import { knownResult, openIntentFailure } from './known-result.ts';
import { toPurchase } from './purchase.ts';
import type { SubmitResult } from './purchase.ts';
import { decideSubmit } from './submit-decision.ts';

export interface RecallInput {
  ref: ScrapeRef;
  input: ScrapeInput;
  n: number;
}

/**
 * What became of submission n when its scrape is cancelled. Buys nothing and makes sure that nobody else will: it takes
 * the next try's place in the journal, so that an attempt of `submit` that was frozen all the while finds it taken.
 */
export async function recall(
  deps: ActivityDeps,
  { ref, input, n }: RecallInput,
): Promise<SubmitResult | { kind: 'nothing' }> {
  return asFailures(async () => {
    for (;;) {
      const submissions = await deps.store.journal.readAll(ref.scrapeId);
      const decision = decideSubmit(submissions, n);
      if (decision.kind === 'open') throw openIntentFailure(ref, decision.intent);
      if (decision.kind !== 'buy') return knownResult(deps, ref, submissions, decision);
      // If the creation is lost, somebody began that try a moment ago: look again.
      if (await deps.store.journal.createIntent(withdrawal(deps, ref, input, n, decision.try))) {
        return { kind: 'nothing' };
      }
    }
  });
}

function withdrawal(
  deps: ActivityDeps,
  ref: ScrapeRef,
  input: ScrapeInput,
  n: number,
  attempt: number,
): Intent {
  const { request, fingerprint, account, endpoint } = toPurchase(deps, ref, input);
  const now = new Date().toISOString();
  return {
    scrapeId: ref.scrapeId,
    n,
    try: attempt,
    tag: deps.store.journal.tag(ref.scrapeId, n),
    fingerprint,
    ref,
    request,
    account: account.name,
    endpoint,
    bound: {},
    nonce: randomUUID(),
    createdAt: now,
    sendBy: now,
    settledBy: now,
    withdrawn: true,
  };
}
