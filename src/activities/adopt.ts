import type { Receipt, Submission } from '../contracts/journal.ts';
import { isFree } from '../contracts/money.ts';
import type { SweptPurchase } from '../contracts/sweep.ts';
import { providerOf } from '../providers/registry.ts';
import type { ActivityDeps } from './deps.ts';
import { receiptOf } from './receipt-of.ts';

/**
 * Takes the oldest purchase under a submission's mark for its own and writes the others down as duplicates. A kill between
 * the two leaves a receipt, with which the next search writes the duplicates. Returns the receipt if this call wrote it.
 */
export async function adopt(
  deps: ActivityDeps,
  submission: Submission,
  purchases: readonly SweptPurchase[],
): Promise<Receipt | undefined> {
  const { journal } = deps.store;
  const [oldest] = purchases.toSorted((a, b) => Date.parse(a.postedAt) - Date.parse(b.postedAt));
  const adopted = submission.receipt ?? (oldest && toReceipt(deps, submission, oldest));
  if (!adopted) return undefined;
  if (!submission.receipt) await journal.createReceipt(adopted);
  await deps.fault('sweep:adopted');
  // A receipt that came in the meantime stands; what it names is no duplicate.
  const receipt = (await journal.read(submission.scrapeId, submission.n))?.receipt;
  for (const { taskId, charge, postedAt } of purchases) {
    if (taskId === receipt?.taskId) continue;
    const { scrapeId, n } = submission;
    await journal.createDuplicate({ scrapeId, n, taskId, charge, submittedAt: postedAt });
  }
  return submission.receipt ? undefined : receipt;
}

function toReceipt(deps: ActivityDeps, { intent }: Submission, purchase: SweptPurchase): Receipt {
  const provider = providerOf(intent.request.scraper);
  // A worker without the account can adopt too: then the looks begin as for a real provider.
  const timeScale = deps.accounts.find(provider.name, intent.account)?.timeScale ?? 1;
  const receipt = receiptOf(intent, provider, timeScale, {
    taskId: purchase.taskId,
    // A list that does not tell the price must not make a purchase free.
    charge: isFree(purchase.charge) ? intent.bound : purchase.charge,
    submittedAt: purchase.postedAt,
  });
  return purchase.ended ? { ...receipt, listedAtEnd: true } : receipt;
}
