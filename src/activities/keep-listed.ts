import type { Submission } from '../contracts/journal.ts';
import type { Sweep, SweptPurchase } from '../contracts/sweep.ts';
import { endpointOf } from '../providers/account.ts';
import type { Account } from '../providers/account.ts';
import type { ListedTask, SearchProtocol } from '../providers/provider.ts';
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
 * One object for all that a list shows of a family: thousands of answers may be lost together, and everybody who waits reads
 * what is kept. Buys nothing. Killed before it wrote (`collect:listed`), the next list shows the task again; after it (`collect:kept`,
 * `sweep:adopted`) the same is written once more, which changes nothing.
 */
export async function keepListed(
  deps: ActivityDeps,
  account: Account,
  listed: ReadonlyArray<{ submission: Submission; tasks: readonly ListedTask[] }>,
  nowMs: number,
): Promise<void> {
  const endpoint = endpointOf(account);
  const byFamily = new Map<string, { search: SearchProtocol; own: Sweep['own'] }>();
  for (const { submission, tasks } of listed) {
    const { intent, receipt, unknown, verdict } = submission;
    const { search } = providerOf(intent.request.scraper);
    if (receipt || verdict || !search) continue;
    if (intent.account !== account.name || intent.endpoint !== endpoint) continue;
    const purchases = tasks.map(
      // Without a time: no later than it can have been, so that it is not given up too late.
      ({ taskId, postedAt = intent.createdAt }): SweptPurchase => ({ taskId, postedAt, charge: {} }),
    );
    if (unknown) {
      await adopt(deps, submission, purchases);
      continue;
    }
    const family = search.familyOf(intent.request.scraper);
    const of = byFamily.get(family) ?? { search, own: {} };
    of.own[intent.tag] = purchases;
    byFamily.set(family, of);
  }
  const seenAt = new Date(nowMs).toISOString();
  for (const [family, { search, own }] of byFamily) {
    await deps.store.sweeps.write({
      provider: account.provider,
      account: account.name,
      endpoint,
      owner: search.ownerOf(account),
      family,
      from: seenAt,
      to: seenAt,
      begunAt: seenAt,
      clockOffsetMs: 0,
      complete: false, // it shows what is there, and proves no absence
      listed: true,
      own,
    });
    await deps.fault('collect:kept');
  }
}
