import { CancellationScope } from '@temporalio/workflow';
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

/** Records scrapes that the ceiling had no room for, each with what is left in its own currency. */
export async function recordRefused(
  rows: readonly PageRow[],
  ceiling: Ceiling,
  left: Ceiling,
): Promise<ScrapeRecord[]> {
  const inDollars = rows.filter(({ bound }) => bound.usdMicros);
  const inCredits = rows.filter(({ bound }) => !bound.usdMicros);
  const dollars = `${formatUsd(ceiling.usdMicros ?? 0)} ${formatUsd(left.usdMicros ?? 0)}`;
  const credits = `${ceiling.credits ?? 0} credits ${left.credits ?? 0}`;
  return [
    ...(await recordEndings(inCredits, overCeiling(`${credits} are left. Raise --max-credits`))),
    ...(await recordEndings(inDollars, overCeiling(`${dollars} are left. Raise --max-usd`))),
  ];
}

function overCeiling(left: string): Ending {
  return {
    outcome: 'refused',
    failure: {
      type: 'BudgetExceeded',
      message: `not bought: of the batch's ceiling of ${left} to go on`,
    },
  };
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
        `start the same id again to collect it`,
    },
  };
}

/** Writes the records of such scrapes; also after a cancel. */
export async function recordEndings(rows: readonly PageRow[], ending: Ending): Promise<ScrapeRecord[]> {
  if (rows.length === 0) return [];
  const refs = rows.map((row) => toRef(row.scrapeId, row.input));
  return CancellationScope.nonCancellable(() =>
    storeActivities.conclude.executeWithOptions({ summary: `record ${rows.length} as ${ending.outcome}` }, [
      { refs, ending },
    ]),
  );
}
