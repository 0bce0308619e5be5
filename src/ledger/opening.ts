import type { CapLine, CapMonth, CapSums } from '../contracts/caps.ts';
import type { Submission } from '../contracts/journal.ts';
import { addCharges, isFree, withoutCharge } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import { splitScraper } from '../contracts/scrapers.ts';
import { StoreError } from '../store/store-error.ts';
import type { Journal } from '../store/store.ts';
import { planLine } from './cap-book.ts';
import type { CapBook, CapTime } from './cap-book.ts';
import { EMPTY_LEDGER, settle } from './ledger.ts';
import { countsAgainstCeiling, spendOf } from './spend.ts';

/** What an account's purchases of a month have cost that no line of its log reserved, by UTC day. */
type Unreserved = ReadonlyMap<string, Charge>;

/** Enough to hide a disk's latency. */
const AT_ONCE = 16;

/**
 * Sums what was bought while the account had no cap: the intents that carry no line. What may have been bought counts as
 * bought, since nobody settles it in the log. Reads the whole journal. What is damaged in it is left out, since it must not
 * stop all buying; the audit names it.
 */
export async function readUnreserved(
  journal: Pick<Journal, 'tags' | 'findByTag'>,
  where: CapMonth,
  dayShiftMs: number,
): Promise<Unreserved> {
  const todo = await journal.tags();
  const days = new Map<string, Charge>();
  const one = async (): Promise<void> => {
    for (let tag = todo.pop(); tag !== undefined; tag = todo.pop()) {
      const submission = await readable(journal, tag);
      if (!submission || submission.intent.grant !== undefined) continue;
      const { intent } = submission;
      const at = new Date(Date.parse(intent.createdAt) + dayShiftMs).toISOString();
      const ofAccount =
        intent.account === where.account && splitScraper(intent.ref.scraper).provider === where.provider;
      if (!ofAccount || !at.startsWith(where.month)) continue;
      const day = at.slice(0, 10);
      days.set(day, addCharges(days.get(day) ?? {}, countsAgainstCeiling(spendOf([submission]))));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return days;
}

async function readable(journal: Pick<Journal, 'findByTag'>, tag: string): Promise<Submission | undefined> {
  try {
    return await journal.findByTag(tag);
  } catch (error) {
    if (error instanceof StoreError && error.kind === 'damaged') return undefined;
    throw error;
  }
}

/**
 * The line that brings into a log what was bought beside it and is not in it yet; undefined if all of it is. The totals
 * say how much of that they have, so it is counted once by any number of processes that read the same journal, and a
 * kill before the line is written leaves it to the next one. Pure.
 */
export function openingLine(book: CapBook, bought: Unreserved, time: CapTime): CapLine | undefined {
  const { line } = planLine(book, {}, { wanted: [], settled: [], time });
  let { month, days } = line.totals;
  let isNews = false;
  for (const [day, spent] of bought) {
    const sums: CapSums = days[day] ?? EMPTY_LEDGER;
    const news = withoutCharge(spent, sums.unreserved ?? {});
    if (isFree(news)) continue;
    isNews = true;
    month = settle(month, {}, news);
    const unreserved = addCharges(sums.unreserved ?? {}, news);
    days = { ...days, [day]: { ...settle(sums, {}, news), unreserved } };
  }
  return isNews ? { ...line, totals: { month, days } } : undefined;
}
