import { CancellationScope } from '@temporalio/workflow';
import type { PartitionInput } from '../contracts/batch.ts';
import type { Ceiling, CeilingFields } from '../contracts/ceiling.ts';
import { ceilingFields, leftOf } from '../contracts/ceiling.ts';
import { storeActivities } from './activity-proxies.ts';
import { wasReset } from './was-reset.ts';

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

/**
 * A partition that is reset to its beginning begins with what is left now: its run before the reset spent some of what it was
 * given. To a later point it goes on with what it was given, and its purse counts what was begun since (purse.ts).
 */
export async function withMoneyLeft(input: PartitionInput): Promise<PartitionInput> {
  const { batchId, pages, ceiling } = input;
  if (ceiling === undefined || !wasReset('sum')) return input;
  return { ...input, ...(await ceilingLeft(batchId, pages, () => ceiling)) };
}
