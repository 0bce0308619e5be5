import type { Receipt, Submission } from '../contracts/journal.ts';
import { isFree } from '../contracts/money.ts';
import type { SweptPurchase } from '../contracts/sweep.ts';
import { providerOf } from '../providers/registry.ts';
import type { Journal } from '../store/store.ts';
import { receiptOf } from './receipt-of.ts';

interface AdoptOptions {
  /** How many times faster than life the provider runs. */
  timeScale: number;
  /** Called after the steps between which a process can die. */
  adopted: () => void | Promise<void>;
  duplicateWritten?: () => void | Promise<void>;
}

/**
 * Takes the oldest purchase under a submission's mark for its own and writes the others down as duplicates. A kill between
 * the two (`adopted`) leaves a receipt, with which the next search writes the duplicates. Returns the receipt if this call
 * wrote it. `timeScale` is the account's.
 */
export async function adoptPurchases(
  journal: Journal,
  submission: Submission,
  purchases: readonly SweptPurchase[],
  { timeScale, adopted: told, duplicateWritten }: AdoptOptions,
): Promise<Receipt | undefined> {
  const [oldest] = purchases.toSorted((a, b) => Date.parse(a.postedAt) - Date.parse(b.postedAt));
  const adopted = submission.receipt ?? (oldest && toReceipt(submission, oldest, timeScale));
  if (!adopted) return undefined;
  if (!submission.receipt) await journal.createReceipt(adopted);
  await told();
  // A receipt that came in the meantime stands; what it names is no duplicate.
  const receipt = (await journal.read(submission.scrapeId, submission.n))?.receipt;
  for (const { taskId, charge, postedAt } of purchases) {
    if (taskId === receipt?.taskId) continue;
    const { scrapeId, n } = submission;
    await journal.createDuplicate({ scrapeId, n, taskId, charge, submittedAt: postedAt });
    await duplicateWritten?.();
  }
  return submission.receipt ? undefined : receipt;
}

function toReceipt({ intent }: Submission, purchase: SweptPurchase, timeScale: number): Receipt {
  const receipt = receiptOf(intent, providerOf(intent.request.scraper), timeScale, {
    taskId: purchase.taskId,
    // A list that does not tell the price must not make a purchase free.
    charge: isFree(purchase.charge) ? intent.bound : purchase.charge,
    submittedAt: purchase.postedAt,
  });
  return purchase.ended ? { ...receipt, listedAtEnd: true } : receipt;
}
