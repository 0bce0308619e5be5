import type { BatchProgress } from '../contracts/batch.ts';
import { addCharges, formatCharge, isFree } from '../contracts/money.ts';
import { OUTCOMES, isSuccess } from '../contracts/outcomes.ts';
import type { BatchStatus } from '../client/status.ts';
import { EXIT } from './exit-codes.ts';
import { formatTotal } from './format-total.ts';

/** `139 of 140 in: 137 done, 2 failed · 1 open · 411 credits` */
export function describeProgress({ total, counts, charge, possiblySpent }: BatchProgress): string {
  const ended = OUTCOMES.filter((outcome) => counts[outcome] > 0).map(
    (outcome) => `${counts[outcome]} ${outcome}`,
  );
  const parts = [
    `${total - counts.open} of ${total} in${ended.length > 0 ? `: ${ended.join(', ')}` : ''}`,
    ...(counts.open > 0 ? [`${counts.open} open`] : []),
    `charged ${formatCharge(charge)}`,
    ...(isFree(possiblySpent) ? [] : [`possibly spent ${formatCharge(possiblySpent)} more`]),
  ];
  return parts.join(' · ');
}

/** One line of a running batch: counts, and what holds it up. */
export function describeBatch({ state, progress, waiting }: BatchStatus): string {
  const held = waiting ?? progress.waiting;
  return `${state === 'running' ? '' : `${state}: `}${describeProgress(progress)}${held === undefined ? '' : ` · waiting: ${held}`}`;
}

/** 3 unless every scrape was collected. */
export function batchExitCode({ counts }: Pick<BatchProgress, 'counts'>): number {
  const good = counts.open === 0 && OUTCOMES.every((outcome) => isSuccess(outcome) || counts[outcome] === 0);
  return good ? EXIT.good : EXIT.notAllSucceeded;
}

/** The money of a batch in one line, with what may come back. */
export function describeMoney(
  { charge, possiblySpent, refundExpected }: BatchProgress,
  usdPerCredit?: number,
): string {
  const parts = [`spent ${formatTotal(addCharges(charge, possiblySpent), usdPerCredit)}`];
  if (!isFree(possiblySpent))
    parts.push(`of it ${formatCharge(possiblySpent)} only possibly (answers were lost)`);
  if (!isFree(refundExpected)) parts.push(`refund of ${formatCharge(refundExpected)} expected`);
  return parts.join(' · ');
}
