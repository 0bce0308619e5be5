import { randomUUID } from 'node:crypto';
import type { Intent } from '../contracts/journal.ts';
import type { ScrapeInput, ScrapeRef } from '../contracts/scrape.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailures } from './failure-table.ts';
import { knownResult, openIntentFailure } from './known-result.ts';
import { assertSameRequest, toAsked } from './purchase.ts';
import type { AskedRequest, SubmitResult } from './purchase.ts';
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
    const asked = toAsked(ref, input);
    for (;;) {
      const submissions = await deps.store.journal.readAll(ref.scrapeId);
      assertSameRequest(ref, asked, submissions);
      const decision = decideSubmit(submissions, n);
      if (decision.kind === 'open') throw openIntentFailure(ref, decision.intent);
      if (decision.kind !== 'buy') return knownResult(deps, ref, submissions, decision);
      // If the creation is lost, somebody began that try a moment ago: look again.
      const isOurs = await deps.store.journal.createIntent(withdrawal(deps, ref, asked, n, decision.try));
      await deps.fault('cancel:withdrawn');
      if (isOurs) return { kind: 'nothing' };
    }
  });
}

/** Needs no account: any worker may stop a purchase, also one that could not make it. */
function withdrawal(
  deps: ActivityDeps,
  ref: ScrapeRef,
  asked: AskedRequest,
  n: number,
  attempt: number,
): Intent {
  const now = new Date().toISOString();
  return {
    scrapeId: ref.scrapeId,
    n,
    try: attempt,
    tag: deps.store.journal.tag(ref.scrapeId, n),
    fingerprint: asked.fingerprint,
    ref,
    request: asked.request,
    account: ref.account,
    endpoint: 'none',
    bound: {},
    nonce: randomUUID(),
    createdAt: now,
    sendBy: now,
    settledBy: now,
    withdrawn: true,
    ...(asked.retry && { retry: asked.retry.n }),
  };
}
