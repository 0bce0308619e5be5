import type { Submission } from '../contracts/journal.ts';
import type { SweptPurchase } from '../contracts/sweep.ts';
import { endOf } from '../ledger/build-record.ts';
import { providerOf } from '../providers/registry.ts';
import { adopt } from './adopt.ts';
import type { ActivityDeps } from './deps.ts';
import { candidatesOf, forgetPosted } from './posted-result.ts';
import { settleRecord } from './settle-record.ts';

type LateDeps = Pick<ActivityDeps, 'store' | 'accounts' | 'fault'>;

/**
 * Takes what was posted for submissions that were taken for absent: they were bought after all. One gets its receipt, and
 * its result is collected; where the scrape was bought again in the meantime it is a duplicate, whose money counts and
 * whose body nobody waits for. Says whether there was any.
 *
 * Buys nothing. Killed before it wrote, the body is still there for the next run; after it (`sweep:adopted`,
 * `sweep:duplicate-written`) that writes the same once more and takes the body away.
 */
export async function settleLatePosts(deps: LateDeps, submissions: readonly Submission[]): Promise<boolean> {
  let found = false;
  for (const submission of submissions) {
    const { intent, receipt, unknown } = submission;
    if (receipt || !unknown?.absent) continue;
    const posted = await candidatesOf(deps, intent);
    if (posted.length === 0) continue;
    const purchases = posted.map(({ taskId, charge = {} }): SweptPurchase => ({
      taskId,
      charge,
      postedAt: intent.createdAt,
    }));
    const adopted = await adopt(deps, submission, purchases);
    if (!adopted) await forgetPosted(deps, providerOf(intent.request.scraper), intent.tag);
    found = true;
  }
  return found;
}

/**
 * The same when a post comes, however long its scrape has ended: the record that it has is written anew with the money.
 * One that is written at this very moment may lack it, which `gleaner audit` says.
 */
export async function takeLatePost(deps: LateDeps, scrapeId: string): Promise<void> {
  if (!(await settleLatePosts(deps, await deps.store.journal.readAll(scrapeId)))) return;
  const record = await deps.store.records.read(scrapeId);
  const submissions = await deps.store.journal.readAll(scrapeId);
  const ref = submissions[0]?.intent.ref;
  if (!record || !ref) return;
  const { outcome, failure } = record;
  const ending = { outcome, ...(failure && { failure }) };
  await settleRecord(deps, ref, submissions, endOf(submissions) ? undefined : ending);
}
