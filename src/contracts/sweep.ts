import type { Charge } from './money.ts';

/**
 * What one look through a provider's list of purchases showed. Kept in the store, because it is evidence: it can prove
 * that a purchase whose answer was lost did not happen, and with that a second one is opened. Times are ISO 8601.
 */
export interface Sweep {
  provider: string;
  account: string;
  endpoint: string;
  /** Whose list it was; see `Intent`. */
  owner?: string;
  family: string;
  /** The part of the list that was asked for, in our clock; the calls were made in the provider's. */
  from: string;
  to: string;
  /** When its first call began, our clock. */
  begunAt: string;
  /** The provider's clock less ours, milliseconds; its `Date` headers count whole seconds. */
  clockOffsetMs: number;
  /** Every part of the window was shown whole: nothing cut off at the most that a call shows, no row unreadable. */
  complete: boolean;
  /** It was a list of what is ready, which tells no prices and proves no absence. */
  listed?: true;
  /**
   * How far one of our purchases in it lies outside the time in which it can have been made by the clock of the machine
   * that made it, milliseconds: that clock is wrong, or a request was on its way for longer than we wait for one.
   */
  buyerOffMs?: number;
  /** The latest purchase that was shown with a mark of this store, provider clock. */
  newestOwn?: string;
  /** The first and last purchase that was shown without any mark; each of them could be anybody's. */
  unmarked?: { from: string; to: string };
  /**
   * What carries a mark of this store, each mark's purchases from the oldest to the newest; without those that the
   * receipts say already.
   */
  own: Record<string, SweptPurchase[]>;
}

export interface SweptPurchase {
  taskId: string;
  postedAt: string;
  charge: Charge;
  /** It had ended when it was listed: what was given back of its price may be off the charge already. */
  ended?: boolean;
}
