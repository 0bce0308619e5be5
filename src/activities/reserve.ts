import { formatCeiling } from '../contracts/ceiling.ts';
import { formatCharge } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import type { CapAnswer, Grant } from '../ledger/account-desk.ts';
import { isCapped } from '../ledger/cap-book.ts';
import type { CappedAccount } from '../ledger/cap-desk.ts';
import type { ActivityDeps } from './deps.ts';
import { failure } from './failure-table.ts';
import type { Purchase } from './purchase.ts';

/** A try that is about to be bought. */
export interface Try {
  purchase: Purchase;
  n: number;
  try: number;
}

/** What an account's cap says to a try; `free`: its account has none, and nothing was read or written. */
export type Reserved =
  | { kind: 'free' }
  | { kind: 'granted'; grant: Grant }
  | { kind: 'short'; error: Error; final: boolean };

/** From one try of a purchase that waits for others' money to the next. */
const SHORT_RETRY_MS = 5_000;

/** Reserves money of the caps of one account for tries on it, all in one line of its log. */
export async function reserveAll(deps: ActivityDeps, tries: readonly Try[]): Promise<Reserved[]> {
  const capped = tries.filter(({ purchase: { account, bound } }) => isCapped(account.caps, bound));
  const [first] = capped;
  if (!first) return tries.map(() => ({ kind: 'free' }));
  const uses = capped.map(({ purchase: { ref, fingerprint, bound }, n, try: attempt }) => ({
    scrapeId: ref.scrapeId,
    n,
    try: attempt,
    ref,
    fingerprint,
    bound,
  }));
  const answers = await deps.caps.reserve(toCapped(first.purchase), uses);
  const byTry = new Map(capped.map((one, index) => [one, answers[index]] as const));
  return tries.map((one) => {
    const answer = byTry.get(one);
    if (!answer) return { kind: 'free' };
    return answer.kind === 'granted' ? answer : shortOf(one.purchase, answer);
  });
}

/** Money for one try and the time of its intent, which is of the day that was reserved; throws where there is none. */
export async function reserveOne(deps: ActivityDeps, one: Try): Promise<Grant | undefined> {
  const [reserved] = await reserveAll(deps, [one]);
  if (reserved?.kind === 'short') throw reserved.error;
  return reserved?.kind === 'granted' ? reserved.grant : undefined;
}

/** Tells what a try cost, so that nobody has to look it up. */
export function settleReserved(
  deps: ActivityDeps,
  purchase: Purchase,
  grant: Grant | undefined,
  charge: Charge,
): void {
  if (grant) deps.caps.settle(toCapped(purchase), grant, charge);
}

function toCapped({ account }: Purchase): CappedAccount {
  return { provider: account.provider, account: account.name, caps: account.caps ?? {} };
}

function shortOf(
  { ref, account, bound }: Purchase,
  { period, cap, left, mayReturn }: Extract<CapAnswer, { kind: 'short' }>,
): Reserved {
  const name = `${account.provider}/${account.name}`;
  const currency = bound.usdMicros ? 'usdMicros' : 'credits';
  const only = (money: Charge): string => formatCeiling({ [currency]: money[currency] ?? 0 });
  const asked =
    `the cap of ${only(cap)} a ${period} (UTC) on account ${name} has ${only(left)} left, and this purchase may cost ` +
    formatCharge(bound);
  if (mayReturn) {
    const message = `${ref.scrapeId}: ${asked}; it waits, since purchases under way may cost less than is reserved for them`;
    const error = failure('CapReached', message, { retryAfterMs: SHORT_RETRY_MS });
    return { kind: 'short', error, final: false };
  }
  const field = `${period}${bound.usdMicros ? 'Usd' : 'Credits'}`;
  const next = period === 'day' ? 'tomorrow' : 'next month';
  const message =
    `${ref.scrapeId}: ${asked}, so nothing was sent. Raise "${field}" of "${name}" under "caps" in config.json and start ` +
    `the worker again, or start this scrape again ${next}`;
  return { kind: 'short', error: failure('BudgetExceeded', message, { final: true }), final: true };
}
