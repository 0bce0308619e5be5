import type { Submission } from '../contracts/journal.ts';
import { addCharges } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import { EMPTY_LEDGER, doubt, settle } from './ledger.ts';
import type { Ledger } from './ledger.ts';

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
  let ledger = EMPTY_LEDGER;
  let bought = 0;
  for (const submission of submissions) {
    ledger = ended(ledger, submission);
    if (submission.receipt ?? isDoubtful(submission)) bought += 1;
  }
  const { charged, possiblySpent, refundExpected } = ledger;
  return { charge: charged, possiblySpent, refundExpected, submissions: bought };
}

/** What counts against a ceiling: an expected refund does not lower it, a possible charge does. */
export function countsAgainstCeiling(spend: Pick<Spend, 'charge' | 'possiblySpent'>): Charge {
  return addCharges(spend.charge, spend.possiblySpent);
}

/** A purchase whose answer is not there counts as possibly spent, whoever may still be waiting for it. */
function ended(ledger: Ledger, submission: Submission): Ledger {
  const { intent, receipt, verdict, duplicates = [] } = submission;
  const withDuplicates = duplicates.reduce((sum, { charge }) => settle(sum, {}, charge), ledger);
  if (receipt) {
    return settle(withDuplicates, {}, verdict?.charge ?? receipt.charge, verdict?.refundExpected);
  }
  return isDoubtful(submission) ? doubt(withDuplicates, intent.bound) : withDuplicates;
}

function isDoubtful({ intent, refused, receipt, unknown }: Submission): boolean {
  return !receipt && !refused && !intent.withdrawn && !unknown?.absent;
}
