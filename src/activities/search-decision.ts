import type { Intent } from '../contracts/journal.ts';
import type { Sweep, SweptPurchase } from '../contracts/sweep.ts';
import type { ProofTiming } from './deps.ts';

/** What the searched lists say of a purchase whose answer was lost. */
export type SearchDecision =
  /** It was bought; the oldest purchase under its mark. */
  | { kind: 'found'; purchase: SweptPurchase }
  /** It is proven that it was not bought, and that nobody can still be buying it. */
  | { kind: 'absent'; sweep: Sweep }
  /** Not yet: a search begun after `searchAtMs` (milliseconds since the epoch) may tell. */
  | { kind: 'unproven'; why: string; searchAtMs: number }
  /** No later search can tell more than this. */
  | { kind: 'unprovable'; why: string };

/**
 * Decides by evidence alone. What a list of what is ready has shown was bought, also where no search shows it. Absence is
 * believed only of a search that
 * - began when nobody could be buying any more (`settledBy`), and so long after that rows which come late are there,
 * - was complete, of the very account, login and endpoint, and covered every time at which it can have been made,
 * - shows no purchase without a mark in that time: it could be this one,
 * - was made with clocks that agree, those of the machines that bought among them, and while the provider still keeps the marks.
 */
export function decideSearch(
  intent: Intent,
  sweeps: readonly Sweep[],
  { nowMs, reachMs, proof }: { nowMs: number; reachMs: number; proof: ProofTiming },
): SearchDecision {
  const shownBy = (those: readonly Sweep[]): SweptPurchase | undefined =>
    oldest(those.flatMap((sweep) => sweep.own[intent.tag] ?? []));
  const settledMs = Date.parse(intent.settledBy);
  const covering = sweeps.filter((sweep) => covers(sweep, intent, proof));
  const listed = shownBy(sweeps.filter((sweep) => sweep.listed));
  const purchase = shownBy(sweeps.filter((sweep) => !sweep.listed)) ?? listed;
  // A search tells the price, and of another purchase under the mark, which a list of what is ready does not; but not at once.
  const lateMs = settledMs + Math.min(proof.witnessedAfterMs, proof.aloneAfterMs);
  const isSearched =
    covering.some((sweep) => beginOf(sweep) >= lateMs) || nowMs >= settledMs + proof.witnessedAfterMs;
  if (purchase && (purchase !== listed || isSearched)) return { kind: 'found', purchase };
  if (nowMs - Date.parse(intent.createdAt) > reachMs - proof.windowMarginMs) {
    return { kind: 'unprovable', why: 'it is older than what the provider’s list shows with marks' };
  }
  const proofs = covering.filter((sweep) => sweep.complete && isLateEnough(sweep, settledMs, proof));
  const absent = purchase ? undefined : proofs.find((sweep) => doubtOf(sweep, intent, proof) === undefined);
  if (absent) return { kind: 'absent', sweep: absent };
  const [last] = proofs;
  const doubt = last && doubtOf(last, intent, proof);
  // A search that came late enough and could not tell: a later one shows the same rows.
  if (last && doubt !== undefined && beginOf(last) >= settledMs + proof.aloneAfterMs) {
    return { kind: 'unprovable', why: doubt };
  }
  if (covering.some((sweep) => beginOf(sweep) >= settledMs + GIVE_UP_MS)) {
    return { kind: 'unprovable', why: 'no search of the provider’s list was complete for a day' };
  }
  return {
    kind: 'unproven',
    why: doubt ?? 'the provider’s list does not show it so far',
    searchAtMs: nextSearchMs(covering.map(beginOf), settledMs, proof),
  };
}

/** What has to be searched for an intent, milliseconds since the epoch of our clock. */
export function searchWindow(intent: Intent, proof: ProofTiming): { fromMs: number; toMs: number } {
  return {
    fromMs: Date.parse(intent.createdAt) - proof.windowMarginMs,
    // Beyond the last moment at which it can have been bought, for a later purchase of ours that is a witness.
    toMs: Date.parse(intent.settledBy) + proof.aloneAfterMs,
  };
}

function oldest(purchases: readonly SweptPurchase[]): SweptPurchase | undefined {
  return purchases.toSorted((a, b) => Date.parse(a.postedAt) - Date.parse(b.postedAt))[0];
}

function beginOf({ begunAt }: Sweep): number {
  return Date.parse(begunAt);
}

function covers(sweep: Sweep, intent: Intent, proof: ProofTiming): boolean {
  return (
    sweep.account === intent.account &&
    sweep.endpoint === intent.endpoint &&
    (intent.owner === undefined || sweep.owner === intent.owner) &&
    beginOf(sweep) >= Date.parse(intent.settledBy) &&
    Date.parse(sweep.from) <= Date.parse(intent.createdAt) - proof.windowMarginMs &&
    Date.parse(sweep.to) >= Date.parse(intent.settledBy)
  );
}

/** Rows come to the list with a delay that differs from row to row, so a later row alone proves little. */
function isLateEnough(sweep: Sweep, settledMs: number, proof: ProofTiming): boolean {
  const age = beginOf(sweep) - settledMs;
  const isWitnessed = Date.parse(sweep.newestOwn ?? '') - sweep.clockOffsetMs > settledMs;
  return age >= (isWitnessed ? proof.witnessedAfterMs : proof.aloneAfterMs);
}

/** Why a search in time does not prove that the purchase was not made; undefined if it does. */
function doubtOf(sweep: Sweep, intent: Intent, proof: ProofTiming): string | undefined {
  if (Math.abs(sweep.clockOffsetMs) > proof.clockSlackMs) {
    return `this machine’s clock is ${Math.round(Math.abs(sweep.clockOffsetMs) / 1000)} s off the provider’s`;
  }
  const { buyerOffMs = 0 } = sweep;
  if (buyerOffMs > proof.clockSlackMs) {
    return `a purchase of ours is ${Math.round(buyerOffMs / 1000)} s off the time at which it can have been made`;
  }
  if (!sweep.unmarked) return undefined;
  const first = Date.parse(sweep.unmarked.from) - sweep.clockOffsetMs;
  const last = Date.parse(sweep.unmarked.to) - sweep.clockOffsetMs;
  const isBefore = last < Date.parse(intent.createdAt) - proof.windowMarginMs;
  const isAfter = first > Date.parse(intent.settledBy) + proof.clockSlackMs;
  return isBefore || isAfter
    ? undefined
    : 'the provider’s list shows purchases of that time without their marks';
}

const GIVE_UP_MS = 24 * 3_600_000;
const FIRST_GAP_MS = 30_000;
const MAX_GAP_MS = 300_000;

/** Soon at first, since most lost purchases are in the list at once, then seldom, and whenever a search may be proof. */
function nextSearchMs(begun: readonly number[], settledMs: number, proof: ProofTiming): number {
  if (begun.length === 0) return settledMs;
  const last = Math.max(...begun);
  const gapMs = Math.min(MAX_GAP_MS, Math.max(FIRST_GAP_MS, (last - settledMs) / 2));
  const marks = [settledMs + proof.witnessedAfterMs, settledMs + proof.aloneAfterMs];
  return Math.min(last + gapMs, ...marks.filter((mark) => mark > last));
}
