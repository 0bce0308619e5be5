import type { BatchProgress } from '../contracts/batch.ts';
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

  snapshot(): Omit<BatchProgress, 'waiting' | 'partitions'> {
    const { batchId, total, charge, possiblySpent, refundExpected } = this;
    return { batchId, total, counts: { ...this.counts }, charge, possiblySpent, refundExpected };
  }
}

/** Sums the progress of a batch's partitions; scrapes of partitions that have not begun are open. */
export function sumProgress(
  batchId: string,
  total: number,
  parts: Iterable<Omit<BatchProgress, 'waiting' | 'partitions'>>,
): Omit<BatchProgress, 'waiting' | 'partitions'> {
  const sum = new Tally(batchId, total);
  for (const part of parts) {
    for (const outcome of OUTCOMES) {
      sum.counts[outcome] += part.counts[outcome];
      sum.counts.open -= part.counts[outcome];
    }
    sum.charge = addCharges(sum.charge, part.charge);
    sum.possiblySpent = addCharges(sum.possiblySpent, part.possiblySpent);
    sum.refundExpected = addCharges(sum.refundExpected, part.refundExpected);
  }
  return sum.snapshot();
}

/** One line for the Temporal UI: `139 of 140 in: 137 done, 2 failed; 1 open; 417 credits`. */
export function describeProgress(
  progress: Omit<BatchProgress, 'waiting' | 'partitions'>,
  money: string,
): string {
  const { counts, total } = progress;
  const parts = OUTCOMES.filter((outcome) => counts[outcome] > 0).map(
    (outcome) => `${counts[outcome]} ${outcome}`,
  );
  const ended = total - counts.open;
  return `${ended} of ${total} in${parts.length > 0 ? `: ${parts.join(', ')}` : ''}; ${counts.open} open; ${money}`;
}
