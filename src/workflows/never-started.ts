import { CancellationScope } from '@temporalio/workflow';
import type { ConcludeInput } from '../activities/conclude.ts';
import type { PageRow } from '../contracts/batch.ts';
import type { Ceiling } from '../contracts/ceiling.ts';
import type { Failure } from '../contracts/failures.ts';
import { formatUsd } from '../contracts/money.ts';
import type { Outcome } from '../contracts/outcomes.ts';
import type { ScrapeRecord } from '../contracts/scrape.ts';
import { toRef } from '../contracts/to-ref.ts';
import { storeActivities } from './activity-proxies.ts';

/** How scrapes end that have no workflow to say so themselves. */
interface Ending {
  outcome: Outcome;
  failure: Failure;
}

/**
 * Records scrapes that the ceiling had no room for, each with what is left in its own currency. `owed`: a worker that had stood
 * still since an earlier run bought them just now, so that they are to be collected instead.
 */
export async function recordRefused(
  rows: readonly PageRow[],
  ceiling: Ceiling,
  left: Ceiling,
): Promise<{ records: ScrapeRecord[]; owed: PageRow[] }> {
  const inDollars = rows.filter(({ bound }) => bound.usdMicros);
  const inCredits = rows.filter(({ bound }) => !bound.usdMicros);
  const dollars = `${formatUsd(ceiling.usdMicros ?? 0)} ${formatUsd(left.usdMicros ?? 0)}`;
  const credits = `${ceiling.credits ?? 0} credits ${left.credits ?? 0}`;
  const records = [
    ...(await recordOverCeiling(inCredits, `${credits} are left. Raise --max-credits`)),
    ...(await recordOverCeiling(inDollars, `${dollars} are left. Raise --max-usd`)),
  ];
  const recorded = new Set(records.map(({ scrapeId }) => scrapeId));
  return { records, owed: rows.filter(({ scrapeId }) => !recorded.has(scrapeId)) };
}

function recordOverCeiling(rows: readonly PageRow[], left: string): Promise<ScrapeRecord[]> {
  const message = `not bought: of the batch's ceiling of ${left} to go on`;
  const ending: Ending = { outcome: 'refused', failure: { type: 'BudgetExceeded', message } };
  return recordEndings(rows, ending, { refused: rows.map(({ input, bound }) => ({ input, bound })) });
}

export function stoppedBeforeStart(): Ending {
  return {
    outcome: 'cancelled',
    failure: {
      type: 'Cancelled',
      message: 'the batch was cancelled before this scrape was started; nothing was bought',
    },
  };
}

export function terminatedOutside(scrapeId: string): Ending {
  return {
    outcome: 'cancelled',
    failure: {
      type: 'Terminated',
      message:
        `${scrapeId} was terminated from outside. If it was paid, its receipt is in the journal: ` +
        `start its batch again under its name, or this id by itself, to collect it`,
    },
  };
}

/** Writes the records of such scrapes; also after a cancel. */
export async function recordEndings(
  rows: readonly PageRow[],
  ending: Ending,
  more: Pick<ConcludeInput, 'refused'> = {},
): Promise<ScrapeRecord[]> {
  if (rows.length === 0) return [];
  const refs = rows.map((row) => toRef(row.scrapeId, row.input));
  return CancellationScope.nonCancellable(() =>
    storeActivities.conclude.executeWithOptions({ summary: `record ${rows.length} as ${ending.outcome}` }, [
      { refs, ending, ...more },
    ]),
  );
}
