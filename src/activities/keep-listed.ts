import type { Submission } from '../contracts/journal.ts';
import type { SweptPurchase } from '../contracts/sweep.ts';
import { endpointOf } from '../providers/account.ts';
import type { Account } from '../providers/account.ts';
import type { ListedTask } from '../providers/provider.ts';
import { providerOf } from '../providers/registry.ts';
import { adopt } from './adopt.ts';
import type { ActivityDeps } from './deps.ts';

/**
 * A finished task under the mark of a submission without a receipt proves that it was bought: its answer was lost. It is
 * kept as evidence, by which `reconcile` goes before it says that nothing was bought or that nobody knows. A submission
 * that was given up so already gets its receipt here, or a duplicate if the scrape was bought again since. A mark is of
 * one submission alone, so that no task is taken for another one's, and a submission that has its receipt or has ended is
 * left alone however long the list goes on to show it.
 *
 * Buys nothing. Killed before it wrote (`collect:listed`), the next list shows the task again; after it (`collect:kept`,
 * `sweep:adopted`) the same is written once more, which changes nothing.
 */
export async function keepListed(
  deps: ActivityDeps,
  account: Account,
  submission: Submission,
  { tasks, nowMs }: { tasks: readonly ListedTask[]; nowMs: number },
): Promise<void> {
  const { intent, receipt, unknown, verdict } = submission;
  const { search } = providerOf(intent.request.scraper);
  const endpoint = endpointOf(account);
  if (receipt || verdict || !search) return;
  if (intent.account !== account.name || intent.endpoint !== endpoint) return;
  const purchases = tasks.map(
    // Without a time: no later than it can have been, so that it is not given up too late.
    ({ taskId, postedAt = intent.createdAt }): SweptPurchase => ({ taskId, postedAt, charge: {} }),
  );
  if (unknown) {
    await adopt(deps, submission, purchases);
    return;
  }
  const seenAt = new Date(nowMs).toISOString();
  await deps.store.sweeps.write({
    provider: account.provider,
    account: account.name,
    endpoint,
    owner: search.ownerOf(account),
    family: search.familyOf(intent.request.scraper),
    from: seenAt,
    to: seenAt,
    begunAt: seenAt,
    clockOffsetMs: 0,
    complete: false, // it shows what is there, and proves no absence
    listed: true,
    own: { [intent.tag]: purchases },
  });
  await deps.fault('collect:kept');
}
