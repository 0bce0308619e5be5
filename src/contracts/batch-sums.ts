import type { BatchProgress, BatchSums, InFlight } from './batch.ts';
import { addCharges } from './money.ts';
import { OUTCOMES, emptyCounts } from './outcomes.ts';

/** What is known of a part of a batch; parts of 0.1.0 lack what is optional. */
type Part = BatchSums & Pick<BatchProgress, 'inFlight' | 'endedBefore'>;

/** Adds up the parts of a batch; scrapes of parts that have not begun are open. */
export function sumParts(batchId: string, total: number, parts: Iterable<BatchSums>): BatchSums {
  const sum = noSums(batchId, total);
  for (const part of parts) {
    for (const outcome of OUTCOMES) {
      sum.counts[outcome] += part.counts[outcome];
      sum.counts.open -= part.counts[outcome];
    }
    sum.charge = addCharges(sum.charge, part.charge);
    sum.possiblySpent = addCharges(sum.possiblySpent, part.possiblySpent);
    sum.refundExpected = addCharges(sum.refundExpected, part.refundExpected);
  }
  return sum;
}

/** The same of parts that run: also what is in flight, and what had ended before they began. */
export function sumProgress(
  batchId: string,
  total: number,
  parts: readonly Part[],
): BatchSums & { inFlight: InFlight; endedBefore: number } {
  const flying = parts.flatMap(({ inFlight }) => inFlight ?? []);
  return {
    ...sumParts(batchId, total, parts),
    inFlight: {
      scrapes: flying.reduce((sum, { scrapes }) => sum + scrapes, 0),
      bound: addCharges(...flying.map(({ bound }) => bound)),
    },
    endedBefore: parts.reduce((sum, { endedBefore }) => sum + (endedBefore ?? 0), 0),
  };
}

/** A batch of which nothing has ended. */
export function noSums(batchId: string, total: number): BatchSums {
  const counts = { ...emptyCounts(), open: total };
  return { batchId, total, counts, charge: {}, possiblySpent: {}, refundExpected: {} };
}
