import type { Grant } from '../ledger/account-desk.ts';
import type { ActivityDeps } from './deps.ts';
import type { Buyable } from './page-row.ts';
import { reserveAll } from './reserve.ts';

/** A row of a page that may be bought, with what was reserved for it if its account has a cap. */
export interface Funded {
  row: Buyable;
  grant: Grant | undefined;
}

/**
 * Money of the account's cap for the rows of a page. A row that gets none is left to its own submit, which says why.
 * `waits`: some get none for now, since others may give some back.
 */
export async function fundPage(
  deps: ActivityDeps,
  page: readonly Buyable[],
): Promise<{ funded: Funded[]; waits?: Error }> {
  const tries = page.map(({ purchase, try: attempt }) => ({ purchase, n: 1, try: attempt }));
  const reserved = await reserveAll(deps, tries);
  const funded = page.flatMap((row, index): Funded[] => {
    const one = reserved[index];
    if (!one || one.kind === 'short') return [];
    return [{ row, grant: one.kind === 'granted' ? one.grant : undefined }];
  });
  const waits = reserved.find((one) => one.kind === 'short' && !one.final);
  return { funded, ...(waits?.kind === 'short' && { waits: waits.error }) };
}
