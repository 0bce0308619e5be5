import { CancellationScope } from '@temporalio/workflow';
import type { ScrapeRef } from '../contracts/scrape.ts';
import { storeActivities } from './activity-proxies.ts';

/** Before a retry buys a scrape whose purchase was lost, it is looked for once more, for free; also after a cancel. */
export async function lookBack(ref: ScrapeRef): Promise<void> {
  return CancellationScope.nonCancellable(() =>
    storeActivities.lookBack.executeWithOptions({ summary: 'was it bought after all?' }, [
      { ref, sinceMs: Date.now() },
    ]),
  );
}
