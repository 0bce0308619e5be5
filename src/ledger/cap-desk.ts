import type { AccountCaps, CapUse } from '../contracts/caps.ts';
import type { Charge } from '../contracts/money.ts';
import { AccountDesk } from './account-desk.ts';
import type { CapAnswer, CapDeskDeps, Grant } from './account-desk.ts';

/** An account with what it may spend. */
export interface CappedAccount {
  provider: string;
  account: string;
  caps: AccountCaps;
}

/** Where purchases on accounts with a cap get their money from; asked right before an intent, and told what became of it. */
export interface CapDesk {
  /** Money for each of these tries, in their order; what was reserved for a try before is not reserved again. */
  reserve(account: CappedAccount, uses: readonly CapUse[]): Promise<CapAnswer[]>;
  /** Whether an intent of this time (milliseconds since the epoch) is of the day that was reserved. */
  isOfDay(grant: Grant, atMs: number): boolean;
  /** What a try cost. A desk that is not told reads it in the journal when money gets short. */
  settle(account: CappedAccount, grant: Grant, charge: Charge): void;
}

/** One desk a worker process. */
export function createCapDesk(deps: CapDeskDeps): CapDesk {
  const desks = new Map<string, AccountDesk>();
  const of = ({ provider, account }: CappedAccount): AccountDesk => {
    const key = `${provider}/${account}`;
    const desk = desks.get(key) ?? new AccountDesk(deps, { provider, account });
    desks.set(key, desk);
    return desk;
  };
  return {
    reserve: (account, uses) => of(account).reserve(account.caps, uses),
    isOfDay: (grant, atMs) => utcDay(atMs, deps.timing.dayShiftMs) === grant.day,
    settle: (account, grant, charge) => of(account).settle(grant, charge),
  };
}

function utcDay(ms: number, shiftMs = 0): string {
  return new Date(ms + shiftMs).toISOString().slice(0, 10);
}
