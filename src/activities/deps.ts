import type { ProviderName } from '../contracts/scrapers.ts';
import type { Account } from '../providers/account.ts';
import type { Http } from '../providers/http.ts';
import type { Callbacks } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import type { AccountGate } from './account-gate.ts';
import type { FaultPoint } from './fault-points.ts';

/** Everything that activities need from the world; the worker builds it once. */
export interface ActivityDeps {
  store: Store;
  http: Http;
  accounts: AccountBook;
  gate: AccountGate;
  timing: SubmitTiming;
  /** Whether the server knows our search attributes. */
  searchAttributes: boolean;
  /** Addresses that a provider may call about the submission with this mark; absent: providers call nobody. */
  callbacksFor?: (tag: string) => Callbacks;
  /** Kills the process in tests, does nothing in production. */
  fault: (point: FaultPoint) => void | Promise<void>;
}

/** Finds the credential by the name in the input; `default` is the worker's default account of that provider. */
export interface AccountBook {
  simulated: boolean;
  find(provider: ProviderName, name: string): Account | undefined;
  names(provider: ProviderName): string[];
}

export interface SubmitTiming {
  /** From the intent to the latest moment at which the request may begin. */
  sendByMs: number;
  /** One deadline over connect, send and answer of a submit. */
  httpTimeoutMs: number;
  /** Added on top before an intent without answer counts as settled: room for the receipt to be written. */
  marginMs: number;
}

/** Production's values. `marginMs` is the contract's 30 s (docs/architecture.md, "Submitting"). */
export const SUBMIT_TIMING: SubmitTiming = { sendByMs: 5_000, httpTimeoutMs: 30_000, marginMs: 30_000 };
