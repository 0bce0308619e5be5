import type { Receipt, Refused } from '../contracts/journal.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailures } from './failure-table.ts';
import { assertBegun } from './proven-receipt.ts';

export type JournalAnswerInput = ({ receipt: Receipt } | { refused: Refused }) & {
  /** The answer came in the workflow's input: it is written only if the journal shows that somebody asked. */
  claimed?: boolean;
};

/** Writes what a provider answered when `submit` could not; retried until the store takes it. */
export async function journalAnswer(deps: ActivityDeps, input: JournalAnswerInput): Promise<void> {
  await asFailures(async () => {
    if (input.claimed) await assertBegun(deps, 'receipt' in input ? input.receipt : input.refused);
    if ('receipt' in input) await deps.store.journal.createReceipt(input.receipt);
    else await deps.store.journal.createRefused(input.refused);
    await deps.fault('submit:answer-journalled');
  });
}
