import type { Receipt, Refused } from '../contracts/journal.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailures } from './failure-table.ts';

export type JournalAnswerInput = { receipt: Receipt } | { refused: Refused };

/** Writes what a provider answered when `submit` could not; retried until the store takes it. */
export async function journalAnswer(deps: ActivityDeps, input: JournalAnswerInput): Promise<void> {
  await asFailures(() =>
    'receipt' in input
      ? deps.store.journal.createReceipt(input.receipt)
      : deps.store.journal.createRefused(input.refused),
  );
}
