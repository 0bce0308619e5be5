import type { CapLine, CapMonth, CapTotals } from '../contracts/caps.ts';
import { isFree } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import { splitScraper } from '../contracts/scrapers.ts';
import type { Journal } from '../store/store.ts';
import { EMPTY_LEDGER, settle } from './ledger.ts';
import { countsAgainstCeiling, spendOf } from './spend.ts';

/** Enough to hide a disk's latency. */
const AT_ONCE = 16;

/**
 * The first line of an account's first log: what was bought in its month before anybody set a cap. Undefined if nothing was.
 * Reads the whole journal, once; a kill before the line is written means that it is read again.
 */
export async function openingLine(
  journal: Pick<Journal, 'tags' | 'findByTag'>,
  where: CapMonth,
  time: { nowMs: number; dayShiftMs: number },
): Promise<CapLine | undefined> {
  const todo = await journal.tags();
  let totals: CapTotals = { month: EMPTY_LEDGER, days: {} };
  const one = async (): Promise<void> => {
    for (let tag = todo.pop(); tag !== undefined; tag = todo.pop()) {
      const submission = await journal.findByTag(tag);
      if (!submission) continue;
      const { intent } = submission;
      const at = new Date(Date.parse(intent.createdAt) + time.dayShiftMs).toISOString();
      const ofAccount =
        intent.account === where.account && splitScraper(intent.ref.scraper).provider === where.provider;
      if (!ofAccount || !at.startsWith(where.month)) continue;
      totals = withSpent(totals, at.slice(0, 10), countsAgainstCeiling(spendOf([submission])));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  if (isFree(totals.month.charged)) return undefined;
  const at = new Date(time.nowMs).toISOString();
  const day = new Date(time.nowMs + time.dayShiftMs).toISOString().slice(0, 10);
  return { n: 1, day, at, nonce: crypto.randomUUID(), uses: [], settled: [], totals, openFrom: 1 };
}

/** What may have been bought counts as bought: nobody settles it here any more. */
function withSpent({ month, days }: CapTotals, day: string, spent: Charge): CapTotals {
  const ofDay = settle(days[day] ?? EMPTY_LEDGER, {}, spent);
  return { month: settle(month, {}, spent), days: { ...days, [day]: ofDay } };
}
