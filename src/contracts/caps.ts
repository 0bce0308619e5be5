import type { Ceiling } from './ceiling.ts';
import type { Charge } from './money.ts';
import type { ScrapeRef } from './scrape.ts';

/** The most that an account may spend in a UTC day and in a UTC month; absent means without limit. */
export interface AccountCaps {
  day?: Ceiling;
  month?: Ceiling;
}

/** One try of a submission that money of a capped account is reserved for. */
export interface CapUse {
  scrapeId: string;
  n: number;
  try: number;
  ref: ScrapeRef;
  /** As its intent has it. */
  fingerprint: string;
  /** The most that it can cost. */
  bound: Charge;
}

/** What became of a use of an earlier line. */
export interface SettledUse {
  line: number;
  index: number;
  charge: Charge;
  /** Nobody can tell whether it was bought: its bound counts as spent. */
  doubtful?: boolean;
}

/** An account's money in a period; see ledger/ledger.ts. */
export interface CapTotals {
  month: CapSums;
  /** By UTC day, `2026-11-23`. */
  days: Record<string, CapSums>;
}
export interface CapSums {
  reserved: Charge;
  charged: Charge;
  possiblySpent: Charge;
  refundExpected: Charge;
  /** Of a day: the part of `charged` that no line reserved, since the account had no cap when it was bought. */
  unreserved?: Charge;
}

/** One line of an account's log of a month: what is reserved by it, what is settled, and the totals with it. */
export interface CapLine {
  /** From 1 without a gap. */
  n: number;
  /** The UTC day that its uses are counted in; their intents are of that day too. */
  day: string;
  at: string;
  /** Tells our own exclusive creation from somebody else's when the answer to it was lost. */
  nonce: string;
  uses: CapUse[];
  settled: SettledUse[];
  totals: CapTotals;
  /** No line before this one has a use that is not settled. */
  openFrom: number;
}

/** Where the log of one account and month is. */
export interface CapMonth {
  provider: string;
  account: string;
  /** `2026-11` */
  month: string;
}
