import type { BatchSums } from '../contracts/batch.ts';
import type { Failure } from '../contracts/failures.ts';
import { addCharges } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import { OUTCOMES, emptyCounts } from '../contracts/outcomes.ts';
import type { Counts, Outcome } from '../contracts/outcomes.ts';

/** What an ended scrape adds to its batch. */
export interface EndedScrape {
  outcome: Outcome;
  charge: Charge;
  possiblySpent: Charge;
  refundExpected: Charge;
  /** Why it is no success, where its record came along. */
  failure?: Failure;
}

/** Adds up scrapes; the counts always sum to the total. */
export class Tally {
  readonly batchId: string;
  readonly total: number;
  readonly counts: Counts;
  charge: Charge = {};
  possiblySpent: Charge = {};
  refundExpected: Charge = {};

  constructor(batchId: string, total: number) {
    this.batchId = batchId;
    this.total = total;
    this.counts = { ...emptyCounts(), open: total };
  }

  /** Moves `count` scrapes from open to an outcome; the sums are theirs together. */
  add(scrape: EndedScrape, count = 1): void {
    this.counts.open -= count;
    this.counts[scrape.outcome] += count;
    this.charge = addCharges(this.charge, scrape.charge);
    this.possiblySpent = addCharges(this.possiblySpent, scrape.possiblySpent);
    this.refundExpected = addCharges(this.refundExpected, scrape.refundExpected);
  }

  get ended(): number {
    return this.total - this.counts.open;
  }

  snapshot(): BatchSums {
    const { batchId, total, charge, possiblySpent, refundExpected } = this;
    return { batchId, total, counts: { ...this.counts }, charge, possiblySpent, refundExpected };
  }
}

/** One line for the Temporal UI: `139 of 140 in: 137 done, 2 failed; 1 open; 417 credits`. */
export function describeProgress(progress: BatchSums, money: string): string {
  const { counts, total } = progress;
  const parts = OUTCOMES.filter((outcome) => counts[outcome] > 0).map(
    (outcome) => `${counts[outcome]} ${outcome}`,
  );
  const ended = total - counts.open;
  return `${ended} of ${total} in${parts.length > 0 ? `: ${parts.join(', ')}` : ''}; ${counts.open} open; ${money}`;
}
