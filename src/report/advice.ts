import type { Failure } from '../contracts/failures.ts';
import type { Result } from './analyse.ts';
import type { ResultState } from './report-data.ts';

/** What to do, in one sentence, and the command for it where there is one. */
export interface Advice {
  text: string;
  command?: string;
}

/** What to do about a result that is not an answer. */
export function adviceFor(one: Result, batchId: string): Advice {
  const command = `gleaner retry ${batchId}`;
  if (one.problem !== undefined) return one.state === 'open' ? { text: STOPPED, command } : REPAIR;
  const { state } = one;
  if (state === 'done' || state === 'unreadable') return REPAIR;
  if (state === 'empty') return { text: ADVICE.empty };
  if (state === 'open') return { text: ADVICE.open, command: `gleaner status ${batchId}` };
  if (state === 'refused') return { text: refusedAdvice(one.record?.failure?.type), command };
  return { text: ADVICE[state], command };
}

const REPAIR: Advice = {
  text: 'Look at the file that the message names or bring it back from a backup, then make this page again.',
};

const STOPPED =
  'It was stopped from outside, or its journal is damaged. Start it again: it collects what was paid for and buys nothing twice.';

const ADVICE: Record<Exclude<ResultState, 'refused' | 'done' | 'unreadable'>, string> = {
  empty: 'Nothing to repair: ask in other words if an answer is needed.',
  failed: 'Order them again.',
  expired: 'Their money is gone. Order them again, and keep a worker running until all are in.',
  unknown: 'Look at the provider’s bill first, because ordering again may pay twice.',
  cancelled: 'Order them, if they are wanted after all.',
  open: 'Nothing: they are fetched as soon as they are ready. To watch them:',
};

function refusedAdvice(type: Failure['type'] | undefined): string {
  if (type === 'BudgetExceeded') return 'Allow more credits, then order them again.';
  return 'Correct what the message names, then order them again.';
}
