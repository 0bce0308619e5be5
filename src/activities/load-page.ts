import type { PageRow } from '../contracts/batch.ts';
import type { Charge } from '../contracts/money.ts';
import { addCharges } from '../contracts/money.ts';
import type { PageGroups } from '../contracts/page-purchase.ts';
import { isFinal, isSuccess } from '../contracts/outcomes.ts';
import type { ScrapeRecord } from '../contracts/scrape.ts';
import { countsAgainstCeiling, spendOf } from '../ledger/spend.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailures } from './failure-table.ts';
import { pageGroupsOf } from './page-groups.ts';
import { retriedRows, retriedState } from './retried-row.ts';
import { ownBound } from './own-bound.ts';
import { settleRecord } from './settle-record.ts';
import { toRef } from '../contracts/to-ref.ts';

/** A page's rows with what they cost already and the records of those that need no more work. */
export interface LoadedPage {
  rows: PageRow[];
  /** Records of settled rows, in the rows' order. */
  settled: SettledScrape[];
  /** Scrapers of the rows that can be bought many at a time. */
  pageGroups?: PageGroups;
}

/** What the journal says of a row, and what a retry changes in it. */
export interface RowState {
  spent: Charge;
  /** There if it needs no more work. */
  record?: ScrapeRecord;
  row?: Pick<PageRow, 'input' | 'bound' | 'retry'>;
}

type SettledScrape = Pick<ScrapeRecord, 'outcome' | 'charge' | 'possiblySpent' | 'refundExpected'>;

/** Reads page `page` of a batch. On a first run nothing has cost anything; after a lost database everything is found. */
export async function loadPage(
  deps: ActivityDeps,
  { batchId, page, retry }: { batchId: string; page: number; retry?: number },
): Promise<LoadedPage> {
  return asFailures(async () => {
    const loaded: LoadedPage = { rows: [], settled: [] };
    const stored = await deps.store.batches.readPage(batchId, page);
    const retried = await retriedRows(deps, { batchId, page, retry });
    for (const row of stored) {
      const again = retried.get(row.scrapeId);
      const state = again
        ? await retriedState(deps, row, again, retry ?? 0)
        : await stateOf(deps, row.scrapeId, row.input);
      const asked = { ...row, ...state.row };
      loaded.rows.push({
        ...asked,
        bound: await ownBound(deps, asked),
        spent: state.spent,
        ...(state.record && { settled: state.record.outcome }),
      });
      if (state.record) {
        const { outcome, charge, possiblySpent, refundExpected } = state.record;
        loaded.settled.push({ outcome, charge, possiblySpent, refundExpected });
      }
    }
    const pageGroups = pageGroupsOf(stored.map(({ input }) => input.scraper));
    return Object.keys(pageGroups).length === 0 ? loaded : { ...loaded, pageGroups };
  });
}

/** What all scrapes of a batch cost already: summed before a batch with a ceiling starts its first one. */
export async function sumSpent(
  deps: ActivityDeps,
  { batchId, pages }: { batchId: string; pages: number },
): Promise<Charge> {
  return asFailures(async () => {
    let spent: Charge = {};
    for (let page = 1; page <= pages; page++) {
      for (const { scrapeId } of await deps.store.batches.readPage(batchId, page)) {
        const submissions = await deps.store.journal.readAll(scrapeId);
        spent = addCharges(spent, countsAgainstCeiling(spendOf(submissions)));
      }
    }
    return spent;
  });
}

/**
 * Settled means that starting the scrape again could change nothing. Cancelled and refused ones bought nothing and may
 * be started again; so may one whose record is missing.
 */
async function stateOf(deps: ActivityDeps, scrapeId: string, input: PageRow['input']): Promise<RowState> {
  const submissions = await deps.store.journal.readAll(scrapeId);
  if (submissions.length === 0) return { spent: {} };
  const spent = countsAgainstCeiling(spendOf(submissions));
  if (submissions.some(({ verdict }) => verdict && isSuccess(verdict.outcome))) {
    return { spent, record: await settleRecord(deps, toRef(scrapeId, input), submissions) };
  }
  const record = await deps.store.records.read(scrapeId);
  const open = submissions.some(({ receipt, verdict }) => receipt && !verdict);
  const final = record && !open && isFinal(record.outcome);
  return final ? { spent, record } : { spent };
}
