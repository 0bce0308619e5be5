import { randomUUID } from 'node:crypto';
import type { Intent, Refused } from '../contracts/journal.ts';
import type { Grant } from '../ledger/account-desk.ts';
import type { SubmitAnswer } from '../providers/provider.ts';
import { StoreError } from '../store/store-error.ts';
import type { ActivityDeps } from './deps.ts';
import type { Purchase } from './purchase.ts';

/** One attempt to buy: which submission and which try of it, and until when its request may begin. */
export interface Attempt {
  n: number;
  try: number;
  /** From now, milliseconds. */
  sendByMs: number;
  /** What was reserved of the account's cap for it, if it has one. */
  grant?: Grant | undefined;
}

/** The entry before the request. */
export function newIntent(deps: ActivityDeps, purchase: Purchase, attempt: Attempt): Intent {
  const now = Date.now();
  const { httpTimeoutMs, marginMs } = deps.timing;
  const { scrapeId } = purchase.ref;
  const { search } = purchase.provider;
  const sendBy = now + attempt.sendByMs;
  return {
    scrapeId,
    n: attempt.n,
    try: attempt.try,
    tag: deps.store.journal.tag(scrapeId, attempt.n),
    fingerprint: purchase.fingerprint,
    ref: purchase.ref,
    request: purchase.request,
    account: purchase.account.name,
    endpoint: purchase.endpoint,
    ...(search && { owner: search.ownerOf(purchase.account) }),
    bound: purchase.bound,
    nonce: randomUUID(),
    createdAt: new Date(now).toISOString(),
    sendBy: new Date(sendBy).toISOString(),
    settledBy: new Date(sendBy + httpTimeoutMs + marginMs).toISOString(),
    ...(attempt.grant && { grant: attempt.grant.id }),
    ...(purchase.retry && { retry: purchase.retry.n }),
  };
}

/** The entry after an answer that says "not bought". */
export function newRefused(intent: Intent, answer: Extract<SubmitAnswer, { kind: 'refused' }>): Refused {
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

/** Whether an entry about an answer could be written; a full disk must not lose what the provider said. */
export async function written(write: () => Promise<void>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof StoreError) return false;
    throw error;
  }
}
