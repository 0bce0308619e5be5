import type { BatchProgress, BatchSums } from '../contracts/batch.ts';
import { formatCeiling } from '../contracts/ceiling.ts';
import { addCharges, formatCharge, isFree } from '../contracts/money.ts';
import { OUTCOMES, isSuccess } from '../contracts/outcomes.ts';
import type { BatchStatus } from '../client/batch-status.ts';
import type { Pace } from '../client/pace.ts';
import { EXIT } from './exit-codes.ts';
import { formatTotal } from './format-total.ts';

/** `139 of 140 in: 137 done, 2 failed · 1 open · charged 411 credits` */
export function describeProgress(sums: BatchSums): string {
  const { charge, possiblySpent } = sums;
  const parts = [
    describeCounts(sums),
    `charged ${formatCharge(charge)}`,
    ...(isFree(possiblySpent) ? [] : [`possibly spent ${formatCharge(possiblySpent)} more`]),
  ];
  return parts.join(' · ');
}

/** One line of a running batch: counts, pace, money, and what holds it up. */
export function describeBatch({ state, progress, pace, waiting }: BatchStatus): string {
  const parts = [
    `${state === 'running' ? '' : `${state}: `}${describeCounts(progress)}`,
    ...describePace(pace, progress),
    describeMoney(progress),
    ...(waiting === undefined ? [] : [`waiting: ${waiting}`]),
  ];
  return parts.join(' · ');
}

/** The same in a few lines, for people who look once. */
export function batchLines(
  { batchId, state, progress, pace, waiting }: BatchStatus,
  usdPerCredit?: number,
): string[] {
  return [
    `${batchId}: ${state === 'running' ? '' : `${state}: `}${describeCounts(progress)}`,
    describeMoney(progress, usdPerCredit),
    ...(pace ? [`pace: ${describePace(pace, progress).join(', ') || 'nothing has ended yet'}`] : []),
    ...(waiting === undefined ? [] : [`waiting: ${waiting}`]),
  ];
}

/** `139 of 140 in: 137 done, 2 failed · 1 open (1 in flight)` */
function describeCounts({ total, counts, inFlight }: BatchProgress): string {
  const ended = OUTCOMES.filter((outcome) => counts[outcome] > 0).map(
    (outcome) => `${counts[outcome]} ${outcome}`,
  );
  const flying = inFlight ? ` (${inFlight.scrapes} in flight)` : '';
  const open = counts.open > 0 ? ` · ${counts.open} open${flying}` : '';
  return `${total - counts.open} of ${total} in${ended.length > 0 ? `: ${ended.join(', ')}` : ''}${open}`;
}

/** 3 unless every scrape was collected. */
export function batchExitCode({ counts }: Pick<BatchProgress, 'counts'>): number {
  const good = counts.open === 0 && OUTCOMES.every((outcome) => isSuccess(outcome) || counts[outcome] === 0);
  return good ? EXIT.good : EXIT.notAllSucceeded;
}

/** The money of a batch in one line, against its ceiling, with what is under way and what may come back. */
export function describeMoney(progress: BatchProgress, usdPerCredit?: number): string {
  const { charge, possiblySpent, refundExpected, ceiling, inFlight } = progress;
  const limit = ceiling === undefined ? '' : ` of at most ${formatCeiling(ceiling)}`;
  const parts = [`spent ${formatTotal(addCharges(charge, possiblySpent), usdPerCredit)}${limit}`];
  if (inFlight && !isFree(inFlight.bound)) parts.push(`up to ${formatCharge(inFlight.bound)} more in flight`);
  if (!isFree(possiblySpent))
    parts.push(`of it ${formatCharge(possiblySpent)} only possibly (answers were lost)`);
  if (!isFree(refundExpected)) parts.push(`refund of ${formatCharge(refundExpected)} expected`);
  return parts.join(' · ');
}

/** `412 a minute`, `about 16 min left`; nothing before the first one has ended. */
function describePace(pace: Pace | undefined, { counts }: BatchProgress): string[] {
  if (!pace || pace.leftMs === undefined) return [];
  const left = counts.open > 0 ? [`about ${formatDuration(pace.leftMs)} left`] : [];
  return [`${pace.perMinute} a minute`, ...left];
}

/** `45 s`, `16 min`, `3.5 h` */
export function formatDuration(ms: number): string {
  if (ms <= 90_000) return `${Math.max(1, Math.round(ms / 1000))} s`;
  if (ms < 90 * 60_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 360_000) / 10} h`;
}
