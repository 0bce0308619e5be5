import { CancellationScope } from '@temporalio/workflow';
import type { Ceiling, CeilingFields } from '../contracts/ceiling.ts';
import { ceilingFields, leftOf } from '../contracts/ceiling.ts';
import { storeActivities } from './activity-proxies.ts';

/**
 * What is left of a batch's ceiling: summed from the journal of all its scrapes, so that it is right after a reset, a
 * lost database, or a run that somebody else started. Nothing of the batch may be buying meanwhile. The ceiling is asked
 * for after the sum is known: it may have been raised.
 */
export async function ceilingLeft(
  batchId: string,
  pages: number,
  ceiling: () => Ceiling,
): Promise<CeilingFields> {
  const spent = await CancellationScope.nonCancellable(() =>
    storeActivities.sumSpent.executeWithOptions({ summary: 'sum what its scrapes cost already' }, [
      { batchId, pages },
    ]),
  );
  return ceilingFields(leftOf(ceiling(), spent));
}
