import type { Failure } from '../contracts/failures.ts';
import type { Result } from './analyse.ts';
import type { ResultState } from './report-data.ts';

/** What to do about a result that is not an answer, in one sentence; names the command where there is one. */
export function adviceFor(one: Result, batchId: string): string {
  const retry = `gleaner retry ${batchId}`;
  if (one.problem !== undefined) return REPAIR;
  if (one.state === 'refused') return refusedAdvice(one.record?.failure?.type, retry);
  return ADVICE[one.state](batchId, retry);
}

const REPAIR =
  'Look at the file that the message names or bring it back from a backup, then make this page again.';

const ADVICE: Record<Exclude<ResultState, 'refused'>, (batchId: string, retry: string) => string> = {
  done: () => REPAIR,
  unreadable: () => REPAIR,
  empty: () => 'Nothing to repair: ask in other words if an answer is needed.',
  failed: (_, retry) => `Order them again: ${retry}`,
  expired: (_, retry) =>
    `Their money is gone. Keep a worker running until all are in, and order again: ${retry}`,
  unknown: (_, retry) =>
    `Look at the provider’s bill first, because ordering again may pay twice; then: ${retry}`,
  cancelled: (_, retry) => `Order them, if they are wanted after all: ${retry}`,
  open: (batchId) =>
    `Nothing: they are fetched as soon as they are ready. To watch them: gleaner status ${batchId}`,
};

function refusedAdvice(type: Failure['type'] | undefined, retry: string): string {
  if (type === 'BudgetExceeded') return `Allow more credits, then order them again: ${retry}`;
  if (type === 'AuthFailed') return `Repair the provider key, then order them again: ${retry}`;
  return `Correct what the message names, then order them again: ${retry}`;
}
