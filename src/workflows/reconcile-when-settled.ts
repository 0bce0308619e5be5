import { CancellationScope, sleep } from '@temporalio/workflow';
import type { SubmitResult } from '../activities/purchase.ts';
import type { OpenSubmission } from '../contracts/journal.ts';
import type { ScrapeRef } from '../contracts/scrape.ts';
import { storeActivities } from './activity-proxies.ts';

/** Sleeps until nobody can still be writing a receipt, then asks the journal, and the provider where it can be asked. */
export async function reconcileWhenSettled(ref: ScrapeRef, open: OpenSubmission): Promise<SubmitResult> {
  return CancellationScope.nonCancellable(async () => {
    const waitMs = Math.max(1_000, Date.parse(open.settledBy) - Date.now());
    await sleep(waitMs, { summary: 'until a receipt can no longer be on its way' });
    return storeActivities.reconcile.executeWithOptions({ summary: 'was it bought?' }, [{ ref, n: open.n }]);
  });
}
