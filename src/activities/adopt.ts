import type { Receipt, Submission } from '../contracts/journal.ts';
import type { SweptPurchase } from '../contracts/sweep.ts';
import { adoptPurchases } from '../lists/adopt-purchases.ts';
import { providerOf } from '../providers/registry.ts';
import type { ActivityDeps } from './deps.ts';

/** `adoptPurchases` with what activities have. A worker without the account can adopt too: then looks begin as for a real provider. */
export function adopt(
  deps: Pick<ActivityDeps, 'store' | 'accounts' | 'fault'>,
  submission: Submission,
  purchases: readonly SweptPurchase[],
): Promise<Receipt | undefined> {
  const { request, account } = submission.intent;
  const timeScale = deps.accounts.find(providerOf(request.scraper).name, account)?.timeScale ?? 1;
  return adoptPurchases(deps.store.journal, submission, purchases, {
    timeScale,
    adopted: () => deps.fault('sweep:adopted'),
    duplicateWritten: () => deps.fault('sweep:duplicate-written'),
  });
}
