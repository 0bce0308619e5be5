import type { ProviderName } from '../contracts/scrapers.ts';
import type { Account } from '../providers/account.ts';
import type { Http } from '../providers/http.ts';
import type { Callbacks } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import type { CapDesk } from '../ledger/cap-desk.ts';
import type { AccountGate } from './account-gate.ts';
import type { Collector } from './collector.ts';
import type { FaultPoint } from './fault-points.ts';
import type { PriceBook } from './price-book.ts';

/** Everything that activities need from the world; the worker builds it once. */
export interface ActivityDeps {
  store: Store;
  http: Http;
  accounts: AccountBook;
  gate: AccountGate;
  prices: PriceBook;
  collector: Collector;
  caps: CapDesk;
  timing: SubmitTiming;
  collecting: CollectTiming;
  proof: ProofTiming;
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

/** Times of a collector, milliseconds. */
export interface CollectTiming {
  /** One activity; the next one is six events. */
  runMs: number;
  /** How often it is asked whether anybody waits at all. */
  idleCheckMs: number;
  /** Without a signal for this long it may end; longer than the time in which a process does not repeat itself. */
  quietMs: number;
  /**
   * So long after what was wanted has lapsed it waits, reading nothing, for somebody to want it again, as long as any scrape
   * runs: to end and to begin again is eleven events. Real time, however fast a simulated provider is.
   */
  lingerMs: number;
  /** From one signal of a process to the next that says nothing new: every one is four events of the collector's. */
  wantGapMs: number;
  sweepGapMs: number;
}
export const COLLECT_TIMING: CollectTiming = {
  runMs: 900_000,
  idleCheckMs: 60_000,
  quietMs: 90_000,
  lingerMs: 600_000,
  wantGapMs: 60_000,
  sweepGapMs: 20_000,
};

/** What the proof goes by, milliseconds. */
export interface ProofTiming {
  /** A search this long after a purchase is settled proves its absence if it shows a later purchase of ours. */
  witnessedAfterMs: number;
  /** And this long after it without one. */
  aloneAfterMs: number;
  /** How far our clocks may be off before nothing can be said of times. */
  clockSlackMs: number;
  /** Added to both ends of what is searched. */
  windowMarginMs: number;
  /** How soon who waits for a search asks for what it brought. */
  askAgainMs: number;
}

/**
 * Lists of purchases may lag: nobody documents by how much, and five minutes at random are reckoned with. So a search with
 * a later purchase in it waits for twice that, one without for half an hour.
 */
export const PROOF_TIMING: ProofTiming = {
  witnessedAfterMs: 10 * 60_000,
  aloneAfterMs: 30 * 60_000,
  clockSlackMs: 60_000,
  windowMarginMs: 5 * 60_000,
  askAgainMs: 10_000,
};
