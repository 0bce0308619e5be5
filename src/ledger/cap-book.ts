import type { AccountCaps, CapLine, CapTotals, CapUse, SettledUse } from '../contracts/caps.ts';
import type { Ceiling } from '../contracts/ceiling.ts';
import { fitsUnder } from '../contracts/ceiling.ts';
import { isFree, withoutCharge } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import { EMPTY_LEDGER, doubt, leftUnder, reserve, settle } from './ledger.ts';
import type { Ledger } from './ledger.ts';

/** A use that nobody has settled yet. */
export interface OpenUse {
  line: number;
  index: number;
  day: string;
  /** When its line was written, ISO 8601. */
  at: string;
  use: CapUse;
}

/** What the log of an account and month says, read up to line `n`. */
export interface CapBook {
  n: number;
  totals: CapTotals;
  /** By `useKey`. */
  open: ReadonlyMap<string, OpenUse>;
}

export const EMPTY_BOOK: CapBook = { n: 0, totals: { month: EMPTY_LEDGER, days: {} }, open: new Map() };

/** Names a use within its log. */
export function useKey({ line, index }: Pick<SettledUse, 'line' | 'index'>): string {
  return `${line}/${index}`;
}

/** The book after the next line. */
export function readLine(book: CapBook, line: CapLine): CapBook {
  const open = new Map(book.open);
  for (const settled of line.settled) open.delete(useKey(settled));
  for (const [index, use] of line.uses.entries()) {
    const entry = { line: line.n, index, day: line.day, at: line.at, use };
    open.set(useKey(entry), entry);
  }
  return { n: line.n, totals: line.totals, open };
}

/** What somebody wants to buy, and what came of it. */
export type Answered =
  | { kind: 'granted'; line: number; index: number }
  /** No room for it now; `left` by period, before it. */
  | { kind: 'short'; period: 'day' | 'month'; cap: Ceiling; left: Ceiling };

/** The next line for some uses, and an answer each; the line is worth writing only if it has uses. */
export interface CapPlan {
  line: CapLine;
  answers: Answered[];
}

/** When a line is written, and under which nonce. */
export interface CapTime {
  day: string;
  at: string;
  nonce: string;
}

/**
 * Reserves for as many of `wanted` as the caps have room for, in their order, after `settled` has given back what is not
 * needed. A use that an earlier line of the same day reserved already is not reserved again: whoever died holding it is
 * followed by whoever tries it next, and only one of them can write its intent. One that may cost more now is reserved in
 * full beside it, since the other holder may be alive: what the intent does not name is given back. Pure.
 */
export function planLine(
  book: CapBook,
  caps: AccountCaps,
  { wanted, settled, time }: { wanted: readonly CapUse[]; settled: readonly SettledUse[]; time: CapTime },
): CapPlan {
  const fresh = settled.filter((one) => book.open.has(useKey(one)));
  let totals = fresh.reduce((sums, one) => settleUse(book, sums, one), book.totals);
  const gone = new Set(fresh.map(useKey));
  const open = [...book.open.values()].filter((one) => !gone.has(useKey(one)));
  const held = new Map(
    open.filter(({ day }) => day === time.day).map((one) => [tryKey(one.use), one] as const),
  );
  const line: CapLine = { n: book.n + 1, ...time, uses: [], settled: fresh, totals, openFrom: book.n + 1 };
  const answers = wanted.map((use): Answered => {
    const standing = held.get(tryKey(use));
    if (standing && isFree(withoutCharge(use.bound, standing.use.bound)))
      return { kind: 'granted', line: standing.line, index: standing.index };
    const reserved = reserveUse(totals, caps, time.day, use.bound);
    if ('short' in reserved) return reserved.short;
    totals = reserved.totals;
    const index = line.uses.push(use) - 1;
    held.set(tryKey(use), { line: line.n, index, day: time.day, at: time.at, use });
    return { kind: 'granted', line: line.n, index };
  });
  const openFrom = Math.min(line.n, ...open.map((one) => one.line));
  return { line: { ...line, totals, openFrom }, answers };
}

/** Whether `bound` would fit if all of these uses turned out to have cost nothing. */
export function wouldFit(
  book: CapBook,
  caps: AccountCaps,
  { day, bound, without }: { day: string; bound: Charge; without: readonly OpenUse[] },
): boolean {
  const settled = without.map(({ line, index }): SettledUse => ({ line, index, charge: {} }));
  const totals = settled.reduce((sums, one) => settleUse(book, sums, one), book.totals);
  return 'totals' in reserveUse(totals, caps, day, bound);
}

function settleUse(book: CapBook, totals: CapTotals, settled: SettledUse): CapTotals {
  const entry = book.open.get(useKey(settled));
  if (!entry) return totals;
  const { bound } = entry.use;
  const move = (ledger: Ledger): Ledger =>
    settled.doubtful ? doubt(ledger, bound) : settle(ledger, bound, settled.charge);
  const ofDay = totals.days[entry.day] ?? EMPTY_LEDGER;
  return { month: move(totals.month), days: { ...totals.days, [entry.day]: move(ofDay) } };
}

function reserveUse(
  totals: CapTotals,
  { day: dayCap = {}, month: monthCap = {} }: AccountCaps,
  day: string,
  bound: Charge,
): { totals: CapTotals } | { short: Extract<Answered, { kind: 'short' }> } {
  const ofDay = totals.days[day] ?? EMPTY_LEDGER;
  const nextDay = reserve(ofDay, bound, dayCap);
  if (!nextDay) return { short: shortOf('day', dayCap, ofDay) };
  const month = reserve(totals.month, bound, monthCap);
  if (!month) return { short: shortOf('month', monthCap, totals.month) };
  return { totals: { month, days: { ...totals.days, [day]: nextDay } } };
}

function shortOf(
  period: 'day' | 'month',
  cap: Ceiling,
  ledger: Ledger,
): Extract<Answered, { kind: 'short' }> {
  return { kind: 'short', period, cap, left: leftUnder(cap, ledger) };
}

function tryKey({ scrapeId, n, try: attempt }: CapUse): string {
  return `${scrapeId} ${n} ${attempt}`;
}

/** Whether an account has a cap in a currency of this bound; without one nothing has to be asked. */
export function isCapped(caps: AccountCaps | undefined, bound: Charge): boolean {
  return [caps?.day, caps?.month].some((cap) => cap !== undefined && !fitsUnder(bound, zeroOf(cap)));
}

/** The same currencies, with nothing in them. */
function zeroOf({ credits, usdMicros }: Ceiling): Ceiling {
  return { ...(credits !== undefined && { credits: 0 }), ...(usdMicros !== undefined && { usdMicros: 0 }) };
}
