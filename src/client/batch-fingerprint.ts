import { createHash } from 'node:crypto';
import { DEFAULT_MAX_SUBMISSIONS } from '../contracts/defaults.ts';
import type { BatchInput } from '../contracts/batch.ts';
import { DEFAULT_ACCOUNT } from '../contracts/ids.ts';
import { canonicalJson } from '../contracts/schemas/canonical-json.ts';
import type { PlannedItem } from './plan-items.ts';

/**
 * SHA-256 (hex) of everything that decides what a batch buys: ids, requests, samples, who pays, and what may be bought
 * again. Labels, window, ceiling and the order of the items do not, so changing them attaches to the batch that is there.
 */
export function batchFingerprint(batch: BatchInput, items: readonly PlannedItem[]): string {
  const hash = createHash('sha256');
  // A default that is written out buys the same.
  const {
    samples = 1,
    account = DEFAULT_ACCOUNT,
    maxSubmissions = DEFAULT_MAX_SUBMISSIONS,
    onUnknown = 'fail',
  } = batch;
  hash.update(canonicalJson({ samples, account, maxSubmissions, onUnknown }));
  const purchases = items.flatMap(({ id, purchases, maxCharge }) =>
    purchases.map(({ request }) =>
      canonicalJson({ id, request, ...(maxCharge !== undefined && { maxCharge }) }),
    ),
  );
  for (const purchase of purchases.sort()) hash.update(`\n${purchase}`);
  return hash.digest('hex');
}
