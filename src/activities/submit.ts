import { randomUUID } from 'node:crypto';
import type { Intent, Refused } from '../contracts/journal.ts';
import { ceilingOf, fitsUnder, formatCeiling, leftOf } from '../contracts/ceiling.ts';
import { formatCharge } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import type { ScrapeInput, ScrapeRef } from '../contracts/scrape.ts';
import type { HttpOutcome } from '../providers/http.ts';
import type { SubmitAnswer } from '../providers/provider.ts';
import { countsAgainstCeiling, spendOf } from '../ledger/spend.ts';
import { StoreError } from '../store/store-error.ts';
import { callbacksFor } from './callbacks.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailures, consequenceOf, failure } from './failure-table.ts';
import { assertSameRequest, toAsked, toPurchase } from './purchase.ts';
import type { Purchase, SubmitResult } from './purchase.ts';
import { knownResult, openIntentFailure } from './known-result.ts';
import { receiptOf } from './receipt-of.ts';
import { assertNotStopped } from './stop-batch.ts';
import { stopIfDearer } from './stop-if-dearer.ts';
import { decideSubmit } from './submit-decision.ts';

export interface SubmitInput {
  ref: ScrapeRef;
  input: ScrapeInput;
  /** Which submission to buy, from 1. */
  n: number;
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
export async function submit(deps: ActivityDeps, { ref, input, n }: SubmitInput): Promise<SubmitResult> {
  return asFailures(async () => {
    const asked = toAsked(ref, input);
    const submissions = await deps.store.journal.readAll(ref.scrapeId);
    assertSameRequest(ref, asked, submissions);
    // What is bought is answered for before anything else is checked: rules and accounts may have changed since.
    const decision = decideSubmit(submissions, n);
    if (decision.kind === 'open') throw openIntentFailure(ref, decision.intent);
    if (decision.kind !== 'buy') return knownResult(deps, ref, submissions, decision);

    const purchase = toPurchase(deps, ref, asked, submissions);
    assertWithinCeiling(ref, input, countsAgainstCeiling(spendOf(submissions)), purchase.bound);
    await assertNotStopped(deps, ref, input);
    const closed = deps.gate.closed(purchase.gateKey);
    if (closed) throw failure('AccountBlocked', closed.message, { retryAfterMs: closed.retryAfterMs });
    return buy(deps, purchase, newIntent(deps, purchase, n, decision.try));
  });
}

async function buy(deps: ActivityDeps, purchase: Purchase, intent: Intent): Promise<SubmitResult> {
  const { journal } = deps.store;
  await deps.fault('submit:before-intent');
  // Whoever loses this creation sends nothing: the winner may be sending right now.
  if (!(await journal.createIntent(intent))) throw openIntentFailure(intent.ref, intent);
  await deps.fault('submit:after-intent');

  const answer = await send(deps, purchase, intent);
  await deps.fault('submit:answer-received');

  switch (answer.kind) {
    case 'accepted': {
      deps.gate.report(purchase.gateKey, undefined);
      const { charge } = answer;
      stopIfDearer(deps, purchase.gateKey, intent.scrapeId, { charge, bound: intent.bound });
      const receipt = receiptOf(intent, purchase.provider, purchase.account.timeScale, answer);
      const journalled = await written(() => journal.createReceipt(receipt));
      await deps.fault('submit:receipt-written');
      return { kind: 'receipt', receipt, ageMs: 0, journalled, searchAttributes: deps.searchAttributes };
    }
    case 'refused': {
      const refused = newRefused(intent, answer);
      const consequence = consequenceOf(answer.reason);
      if (consequence.blocksAccount) deps.gate.report(purchase.gateKey, answer.message);
      if (!(await written(() => journal.createRefused(refused)))) return { kind: 'refused', refused };
      const retryAfterMs = consequence.blocksAccount ? deps.gate.probeIntervalMs : answer.retryAfterMs;
      throw failure(consequence.type, `${answer.message} (nothing was bought)`, {
        final: consequence.final,
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      });
    }
    case 'unknown':
      throw openIntentFailure(intent.ref, intent, answer.message);
  }
}

/** One request on a connection of its own, under one deadline, begun before `sendBy` on both clocks or not at all. */
async function send(deps: ActivityDeps, purchase: Purchase, intent: Intent): Promise<SubmitAnswer> {
  const answer = await exchange(deps, purchase, intent);
  // A provider may quote the key in its words, which go into journal, history and screens.
  return answer.kind === 'accepted'
    ? answer
    : { ...answer, message: answer.message.replaceAll(purchase.account.secret, '[key]') };
}

async function exchange(deps: ActivityDeps, purchase: Purchase, intent: Intent): Promise<SubmitAnswer> {
  const { provider, request, account } = purchase;
  const begunAt = performance.now();
  const callbacks = callbacksFor(deps, provider, intent.tag);
  const wire = provider.submitRequest(request, account, intent.tag, callbacks);
  const sending: Promise<HttpOutcome> = deps.http.send(wire, {
    fresh: true,
    timeoutMs: deps.timing.httpTimeoutMs,
    stillAllowed: () => {
      const late =
        Date.now() > Date.parse(intent.sendBy) || performance.now() - begunAt > deps.timing.sendByMs;
      return late ? 'this machine paused too long before the request could begin' : undefined;
    },
  });
  await deps.fault('submit:request-sent');
  const outcome = await sending;
  switch (outcome.kind) {
    case 'reply':
      return provider.readSubmit(outcome.reply, request, intent.tag);
    case 'not-sent':
      return { kind: 'refused', reason: 'not-sent', message: outcome.message };
    case 'lost':
      return { kind: 'unknown', message: outcome.message };
  }
}

/** Whether an entry about an answer could be written; a full disk must not lose what the provider said. */
async function written(write: () => Promise<void>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof StoreError) return false;
    throw error;
  }
}

function newIntent(deps: ActivityDeps, purchase: Purchase, n: number, attempt: number): Intent {
  const now = Date.now();
  const { sendByMs, httpTimeoutMs, marginMs } = deps.timing;
  const { scrapeId } = purchase.ref;
  return {
    scrapeId,
    n,
    try: attempt,
    tag: deps.store.journal.tag(scrapeId, n),
    fingerprint: purchase.fingerprint,
    ref: purchase.ref,
    request: purchase.request,
    account: purchase.account.name,
    endpoint: purchase.endpoint,
    bound: purchase.bound,
    nonce: randomUUID(),
    createdAt: new Date(now).toISOString(),
    sendBy: new Date(now + sendByMs).toISOString(),
    settledBy: new Date(now + sendByMs + httpTimeoutMs + marginMs).toISOString(),
  };
}

function newRefused(intent: Intent, answer: Extract<SubmitAnswer, { kind: 'refused' }>): Refused {
  return {
    scrapeId: intent.scrapeId,
    n: intent.n,
    try: intent.try,
    reason: answer.reason,
    message: answer.message,
    at: new Date().toISOString(),
    ...(answer.retryAfterMs !== undefined && { retryAfterMs: answer.retryAfterMs }),
  };
}

/** P3 for one scrape: this purchase's bound must fit into what the journal leaves of its ceiling. */
function assertWithinCeiling(ref: ScrapeRef, input: ScrapeInput, spent: Charge, bound: Charge): void {
  const ceiling = ceilingOf(input);
  if (!ceiling || fitsUnder(bound, leftOf(ceiling, spent))) return;
  const { credits, usdMicros } = ceiling;
  const [most, field] = bound.usdMicros
    ? [formatCeiling({ usdMicros }), 'maxUsd']
    : [formatCeiling({ credits }), 'maxCredits'];
  throw failure(
    'BudgetExceeded',
    `${ref.scrapeId}: one more submission costs up to ${formatCharge(bound)}, ${formatCharge(spent)} of at most ` +
      `${most} are spent, and nothing more was bought. Raise ${field} to go on.`,
    { final: true },
  );
}
