import type { Receipt, Submission } from '../contracts/journal.ts';
import { isFree } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
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
 * wrote it. Where the submission was taken for absent and the scrape is bought again, nobody would collect them: all of
 * them are duplicates then. `timeScale` is the account's.
 */
export async function adoptPurchases(
  journal: Journal,
  submission: Submission,
  shown: readonly SweptPurchase[],
  { timeScale, adopted: told, duplicateWritten }: AdoptOptions,
): Promise<Receipt | undefined> {
  const purchases = oneATask(shown);
  const isLate = await isBoughtAgain(journal, submission);
  const noted = new Set(submission.duplicates?.map(({ taskId }) => taskId));
  const [oldest] = purchases
    .filter(({ taskId }) => !isLate && !noted.has(taskId))
    .toSorted((a, b) => Date.parse(a.postedAt) - Date.parse(b.postedAt));
  const adopted = submission.receipt ?? (oldest && toReceipt(submission, oldest, timeScale));
  if (!adopted && !isLate) return undefined;
  if (adopted && !submission.receipt) await journal.createReceipt(adopted);
  await told();
  // A receipt that came in the meantime stands; what it names is no duplicate.
  const receipt = (await journal.read(submission.scrapeId, submission.n))?.receipt;
  for (const purchase of purchases) {
    const { taskId, postedAt } = purchase;
    if (taskId === receipt?.taskId) continue;
    const { scrapeId, n } = submission;
    const charge = priceOf(submission, purchase);
    await journal.createDuplicate({ scrapeId, n, taskId, charge, submittedAt: postedAt });
    await duplicateWritten?.();
  }
  return submission.receipt ? undefined : receipt;
}

function toReceipt({ intent }: Submission, purchase: SweptPurchase, timeScale: number): Receipt {
  const receipt = receiptOf(intent, providerOf(intent.request.scraper), timeScale, {
    taskId: purchase.taskId,
    charge: priceOf({ intent }, purchase),
    submittedAt: purchase.postedAt,
  });
  return purchase.ended ? { ...receipt, listedAtEnd: true } : receipt;
}

/** A list that does not tell the price must not make a purchase free. */
function priceOf({ intent }: Pick<Submission, 'intent'>, { charge }: SweptPurchase): Charge {
  return isFree(charge) ? intent.bound : charge;
}

/** Each task once, as the list shows it that tells its price, if any does. */
function oneATask(purchases: readonly SweptPurchase[]): SweptPurchase[] {
  const tasks = new Map<string, SweptPurchase>();
  for (const purchase of purchases) {
    const known = tasks.get(purchase.taskId);
    if (!known || isFree(known.charge)) tasks.set(purchase.taskId, purchase);
  }
  return [...tasks.values()];
}

/** Whether a later submission was bought, or perhaps, and can bring the result still. */
async function isBoughtAgain(
  journal: Journal,
  { scrapeId, n, unknown, receipt }: Submission,
): Promise<boolean> {
  if (!unknown?.absent || receipt) return false;
  return (await journal.readAll(scrapeId)).some((later) => later.n > n && mayBringResult(later));
}

function mayBringResult({ intent, refused, receipt, unknown, verdict }: Submission): boolean {
  if (verdict) return verdict.outcome === 'done' || verdict.outcome === 'empty';
  return receipt !== undefined || !(refused || intent.withdrawn || unknown?.absent);
}
