import type { Intent } from '../contracts/journal.ts';
import type { ScrapeInput, ScrapeRef } from '../contracts/scrape.ts';
import type { SubmitAnswer } from '../providers/provider.ts';
import type { Grant } from '../ledger/account-desk.ts';
import { countsAgainstCeiling, spendOf } from '../ledger/spend.ts';
import { callbacksFor } from './callbacks.ts';
import type { ActivityDeps } from './deps.ts';
import { closedFailure, suspectIfHinted } from './closed-account.ts';
import { asFailures, consequenceOf, refusalFailure } from './failure-table.ts';
import { assertSameRequest, toAsked, toPurchase } from './purchase.ts';
import type { Purchase, SubmitResult } from './purchase.ts';
import { newIntent, newRefused, written } from './journal-entries.ts';
import { knownResult, openIntentFailure } from './known-result.ts';
import { settleLatePosts } from './late-posts.ts';
import { receiptOf } from '../lists/receipt-of.ts';
import { reserveOne, settleReserved } from './reserve.ts';
import type { Try } from './reserve.ts';
import { sendPurchase, withoutReply, withoutSecret } from './send-purchase.ts';
import { stoppedFailure } from './stop-batch.ts';
import { stopIfDearer } from './stop-if-dearer.ts';
import { decideSubmit } from './submit-decision.ts';
import { assertHasShare, assertWithinLimits } from './within-limits.ts';

export interface SubmitInput {
  ref: ScrapeRef;
  input: ScrapeInput;
  /** Which submission to buy, from 1. */
  n: number;
  /** Nobody started it but who typed its id: no batch has given it a share of a ceiling. */
  byItself?: boolean;
}

/**
 * Buys submission n, or says what the journal knows of it. May run any number of times, on any number of workers at
 * once, and buys at most once:
 *
 * - dies before the intent: nothing was sent, the next run buys;
 * - dies between intent and receipt: the next run finds the intent alone, sends nothing and throws
 *   `SubmitOutcomeUnknown`; the workflow reconciles;
 * - dies after the receipt: the next run returns it.
 *
 * It does not listen to Temporal's cancellation: an aborted request may still have bought something. Once the provider
 * has answered it never throws a purchase away: a receipt that cannot be written is returned with `journalled: false`.
 */
export async function submit(
  deps: ActivityDeps,
  { ref, input, n, byItself }: SubmitInput,
): Promise<SubmitResult> {
  return asFailures(async () => {
    const asked = toAsked(ref, input);
    const submissions = await deps.store.journal.readAll(ref.scrapeId);
    assertSameRequest(ref, asked, submissions);
    // What is bought is answered for before anything else is checked: rules and accounts may have changed since.
    const decision = decideSubmit(submissions, n);
    if (decision.kind === 'open') throw openIntentFailure(ref, decision.intent);
    if (decision.kind !== 'buy') return knownResult(deps, ref, submissions, decision);
    // The result of what was taken for absent came in the meantime: it is collected, not bought again.
    if (await settleLatePosts(deps, submissions)) {
      const known = await deps.store.journal.readAll(ref.scrapeId);
      const late = decideSubmit(known, n);
      if (late.kind === 'receipt') return knownResult(deps, ref, known, late);
    }

    const purchase = await toPurchase(deps, ref, asked, submissions);
    assertWithinLimits(ref, input, countsAgainstCeiling(spendOf(submissions)), purchase.bound);
    if (byItself) await assertHasShare(deps, ref, purchase.bound);
    const stopped = await stoppedFailure(deps, ref, input);
    if (stopped) throw stopped;
    const closed = await closedFailure(deps, purchase);
    if (closed) throw closed;
    return buy(deps, purchase, await begin(deps, purchase, { n, try: decision.try }));
  });
}

/** The intent to write, and the money for it where the account has a cap: both of one day. */
async function begin(deps: ActivityDeps, purchase: Purchase, one: Pick<Try, 'n' | 'try'>): Promise<Begun> {
  for (;;) {
    const grant = await reserveOne(deps, { purchase, ...one });
    const intent = newIntent(deps, purchase, { ...one, sendByMs: deps.timing.sendByMs, grant });
    if (!grant || deps.caps.isOfDay(grant, Date.parse(intent.createdAt))) return { intent, grant };
  }
}

interface Begun {
  intent: Intent;
  grant: Grant | undefined;
}

async function buy(deps: ActivityDeps, purchase: Purchase, { intent, grant }: Begun): Promise<SubmitResult> {
  const { journal } = deps.store;
  await deps.fault('submit:before-intent');
  // Whoever loses this creation sends nothing: the winner may be sending right now.
  if (!(await journal.createIntent(intent))) throw openIntentFailure(intent.ref, intent);
  await deps.fault('submit:after-intent');

  const answer = await exchange(deps, purchase, intent);
  await deps.fault('submit:answer-received');

  switch (answer.kind) {
    case 'accepted': {
      deps.gate.report(purchase.gateKey, undefined);
      const charge = answer.charge ?? intent.bound;
      settleReserved(deps, purchase, grant, charge);
      stopIfDearer(deps, { scrapeId: intent.scrapeId, ...purchase }, { charge, bound: intent.bound });
      const bought = { ...answer, charge };
      const receipt = receiptOf(intent, purchase.provider, purchase.account.timeScale, bought);
      const journalled = await written(() => journal.createReceipt(receipt));
      await deps.fault('submit:receipt-written');
      return { kind: 'receipt', receipt, ageMs: 0, journalled, searchAttributes: deps.searchAttributes };
    }
    case 'refused': {
      const refused = newRefused(intent, answer);
      settleReserved(deps, purchase, grant, {});
      if (consequenceOf(answer.reason).blocksAccount) deps.gate.report(purchase.gateKey, answer.message);
      const journalled = await written(() => journal.createRefused(refused));
      await deps.fault('submit:refusal-written');
      if (!journalled) return { kind: 'refused', refused };
      throw refusalFailure(refused, deps.gate.probeIntervalMs);
    }
    case 'unknown':
      suspectIfHinted(deps, purchase.gateKey, answer);
      throw openIntentFailure(intent.ref, intent, answer.message);
  }
}

async function exchange(deps: ActivityDeps, purchase: Purchase, intent: Intent): Promise<SubmitAnswer> {
  const { provider, request, account } = purchase;
  const window = { sendBy: intent.sendBy, begunAt: performance.now(), sendByMs: deps.timing.sendByMs };
  const callbacks = callbacksFor(deps, provider, intent.tag);
  const wire = provider.submitRequest(request, account, intent.tag, callbacks);
  const outcome = await sendPurchase(deps, wire, window, 'submit:request-sent');
  const answer =
    outcome.kind === 'reply'
      ? provider.readSubmit(outcome.reply, request, intent.tag)
      : withoutReply(outcome);
  return withoutSecret(answer, account);
}
