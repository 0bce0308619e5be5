import { ApplicationFailure, CancellationScope } from '@temporalio/workflow';
import type { Failure } from '../contracts/failures.ts';
import type { Outcome } from '../contracts/outcomes.ts';
import type { ScrapeRecord, ScrapeRef } from '../contracts/scrape.ts';
import { storeActivities } from './activity-proxies.ts';

/** Writes the record of a scrape that ends without a result, also after a cancel. */
export async function concludeScrape(
  ref: ScrapeRef,
  ending: { outcome: Outcome; failure?: Failure },
): Promise<ScrapeRecord> {
  return CancellationScope.nonCancellable(async () => {
    const summary = `record: ${ending.outcome}`;
    const [record] = await storeActivities.conclude.executeWithOptions({ summary }, [
      { refs: [ref], ending },
    ]);
    if (!record) throw ApplicationFailure.nonRetryable('conclude returned no record', 'InvalidInput');
    return record;
  });
}
