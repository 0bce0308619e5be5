import type { Submission } from '../contracts/journal.ts';
import { addCharges } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';

/** What a scrape has cost, read from its journal and from nothing else. */
export interface Spend {
  charge: Charge;
  /** Submissions whose answer was lost: what they cost if they went through. */
  possiblySpent: Charge;
  /** The part of `charge` that the provider documents to give back but does not confirm. */
  refundExpected: Charge;
  /** How often it was bought or possibly bought. */
  submissions: number;
}

/** Sums the journal's submissions. A try that was refused, withdrawn or proven absent cost nothing. */
export function spendOf(submissions: readonly Submission[]): Spend {
  const spend: Spend = { charge: {}, possiblySpent: {}, refundExpected: {}, submissions: 0 };
  for (const submission of submissions) {
    const { intent, refused, receipt, unknown, verdict, duplicates = [] } = submission;
    spend.charge = addCharges(spend.charge, ...duplicates.map(({ charge }) => charge));
    if (receipt) {
      spend.charge = addCharges(spend.charge, verdict?.charge ?? receipt.charge);
      spend.refundExpected = addCharges(spend.refundExpected, verdict?.refundExpected ?? {});
      spend.submissions += 1;
    } else if (!refused && !intent.withdrawn && !unknown?.absent) {
      spend.possiblySpent = addCharges(spend.possiblySpent, intent.bound);
      spend.submissions += 1;
    }
  }
  return spend;
}

/** What counts against a ceiling: an expected refund does not lower it, a possible charge does. */
export function countsAgainstCeiling(spend: Spend): Charge {
  return addCharges(spend.charge, spend.possiblySpent);
}
