import type { SearchWindow } from '../contracts/collector.ts';
import type { Account } from '../providers/account.ts';
import type { Http } from '../providers/http.ts';
import type { SearchProtocol, SearchRow } from '../providers/provider.ts';
import { CallTrouble } from './call-trouble.ts';
import type { Clock, Pace } from './pace.ts';

interface Reading {
  account: Account;
  search: SearchProtocol;
  pace: Pace;
  run: Clock;
  window: SearchWindow;
}

/** A window of a provider's list as it was shown. Times are milliseconds of our clock but for the rows'. */
export interface ReadPurchases {
  fromMs: number;
  toMs: number;
  begunAtMs: number;
  /** The provider's clock less ours. */
  clockOffsetMs: number;
  complete: boolean;
  rows: SearchRow[];
  calls: number;
}

/**
 * Reads a window whole: a part that shows as many rows as a call can is asked for again in halves, never by offset, since
 * rows that come in between would shift the pages. Throws `CallTrouble`.
 */
export async function readPurchases(http: Http, reading: Reading): Promise<ReadPurchases> {
  const { search, pace, run, window } = reading;
  await pace.turn();
  const begunAtMs = run.wall();
  const fromMs = Date.parse(window.from);
  // What is asked for has to be over on the provider's clock, which is known to the second.
  const toMs = Math.min(Date.parse(window.to), begunAtMs - CLOCK_GRAIN_MS);
  const rows = new Map<string, SearchRow>();
  const slices: Slice[] = fromMs < toMs ? [{ fromMs, toMs }] : [];
  let [clockOffsetMs, tookMs, calls, complete] = [0, 0, 0, slices.length > 0];
  for (let slice = slices.pop(); slice; slice = slices.pop()) {
    if (calls > 0) await pace.turn();
    const { answer, ...clock } = await ask(http, reading, slice, clockOffsetMs);
    pace.called();
    calls += 1;
    if (calls === 1) {
      tookMs = clock.tookMs;
      if (Math.abs(clock.offsetMs) >= CLOCK_GRAIN_MS) {
        clockOffsetMs = clock.offsetMs; // this call was made for the wrong time, whatever it says
        slices.push(slice);
        continue;
      }
    }
    if (answer.kind === 'unavailable') throw new CallTrouble('refused', answer);
    for (const row of answer.rows) rows.set(row.taskId, row);
    if (answer.rows.length < answer.shown) complete = false; // what cannot be read may be anything
    if (answer.shown < search.maxRows) continue;
    const halves = halve(slice);
    if (halves.length === 0) complete = false;
    slices.push(...halves);
  }
  // A clock is known as well as its answer was quick.
  return { fromMs, toMs: toMs - tookMs, begunAtMs, clockOffsetMs, complete, rows: [...rows.values()], calls };
}

interface Slice {
  fromMs: number;
  toMs: number;
}

const CLOCK_GRAIN_MS = 3_000;
const SEARCH_TIMEOUT_MS = 60_000;

async function ask(
  http: Http,
  { account, search, run, window }: Reading,
  slice: Slice,
  clockOffsetMs: number,
): Promise<{ answer: ReturnType<SearchProtocol['readSearch']>; offsetMs: number; tookMs: number }> {
  const theirs = { fromMs: slice.fromMs + clockOffsetMs, toMs: slice.toMs + clockOffsetMs };
  const request = search.searchRequest(window.family, theirs, account);
  const sentMs = run.wall();
  const outcome = await http.send(request, { fresh: false, timeoutMs: SEARCH_TIMEOUT_MS });
  if (outcome.kind !== 'reply') throw new CallTrouble('network', { message: outcome.message });
  const tookMs = Math.max(0, run.wall() - sentMs);
  const offsetMs = clockOffset(outcome.reply.serverTimeMs, sentMs, sentMs + tookMs);
  return { answer: search.readSearch(outcome.reply), offsetMs, tookMs };
}

/** How far the provider's clock is off ours at least: an answer that took long must not look like a clock that is wrong. */
function clockOffset(serverMs: number, sentMs: number, receivedMs: number): number {
  if (serverMs > receivedMs) return serverMs - receivedMs;
  const latest = serverMs + HEADER_GRAIN_MS; // `Date` is cut to whole seconds
  return latest < sentMs ? latest - sentMs : 0;
}
const HEADER_GRAIN_MS = 1_000;

/** Two parts with a second in common, since both ends of a window belong to it; none if a second is all there is. */
function halve({ fromMs, toMs }: Slice): Slice[] {
  const middle = Math.floor((fromMs + toMs) / 2000) * 1000;
  if (middle <= fromMs || middle >= toMs) return [];
  return [
    { fromMs, toMs: middle },
    { fromMs: middle, toMs },
  ];
}
