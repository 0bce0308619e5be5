import type { SubmitResult } from '../activities/purchase.ts';
import type { Failure } from '../contracts/failures.ts';
import type { PagePurchase } from '../contracts/page-purchase.ts';

/** How an attempt to buy ended. Only what a page tells of a refusal has `journalled` and `failure`. */
export type BuyResult =
  | Exclude<SubmitResult, { kind: 'refused' }>
  | (Extract<SubmitResult, { kind: 'refused' }> & { journalled?: boolean; failure?: Failure })
  | { kind: 'nothing' };

/** Goes on where the purchase of a page ended; our clock against the provider's, as for every receipt that is not new. */
export function takenUp(bought: Exclude<PagePurchase, { kind: 'unknown' }>): BuyResult {
  if (bought.kind === 'refused') return bought;
  const ageMs = Math.max(0, Date.now() - Date.parse(bought.receipt.submittedAt));
  return { ...bought, ageMs, searchAttributes: false };
}
