import type { Submission } from '../contracts/journal.ts';
import { addCharges } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import type { CapUse } from '../contracts/caps.ts';

/** What the journal says of a reserved try. */
export type CountedUse =
  /** Nothing was begun under it: its money may be given back once its place is taken. */
  | { kind: 'unused' }
  /** Begun and not answered; nobody can still be writing its answer after `settledBy` (milliseconds since the epoch). */
  | { kind: 'open'; settledBy: number }
  | { kind: 'settled'; charge: Charge; doubtful?: boolean };

/** Counts one use by the journal of its submission; pure. `grant`: the line that reserved it. */
export function countUse(use: CapUse, grant: string, submission: Submission | undefined): CountedUse {
  const last = submission?.intent.try ?? 0;
  if (!submission || last < use.try) return { kind: 'unused' };
  const { intent, refused, receipt, unknown, duplicates = [] } = submission;
  // A later try follows only one that bought nothing, and an intent of another grant is counted there.
  if (last > use.try || intent.grant !== grant) return { kind: 'settled', charge: {} };
  const further = addCharges(...duplicates.map(({ charge }) => charge));
  if (receipt) {
    const bought = submission.verdict?.charge ?? receipt.charge;
    return { kind: 'settled', charge: addCharges(bought, further) };
  }
  // What was taken for absent may have been bought after all, when the next one was under way.
  if (intent.withdrawn || refused || unknown?.absent) return { kind: 'settled', charge: further };
  if (unknown) return { kind: 'settled', charge: {}, doubtful: true };
  return { kind: 'open', settledBy: Date.parse(intent.settledBy) };
}
