import { CancellationScope } from '@temporalio/workflow';
import type { PageRow } from '../contracts/batch.ts';
import type { Failure } from '../contracts/failures.ts';
import type { Outcome } from '../contracts/outcomes.ts';
import type { ScrapeRecord } from '../contracts/scrape.ts';
import { toRef } from '../contracts/to-ref.ts';
import { storeActivities } from './activity-proxies.ts';

/** How scrapes end that have no workflow to say so themselves. */
interface Ending {
  outcome: Outcome;
  failure: Failure;
}

export function overCeiling(ceiling: number, left: number): Ending {
  return {
    outcome: 'refused',
    failure: {
      type: 'BudgetExceeded',
      message:
        `not bought: of the batch's ceiling of ${ceiling} credits ${Math.max(0, left)} are left. ` +
        `Raise --max-credits to go on`,
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
