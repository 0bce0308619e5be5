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
  if (one.problem !== undefined) return one.state === 'open' ? { text: STOPPED } : REPAIR;
  const { state } = one;
  if (state === 'done' || state === 'unreadable') return REPAIR;
  if (state === 'empty') return { text: ADVICE.empty };
  if (state === 'open') return { text: ADVICE.open, command: `gleaner status ${batchId}` };
  if (state === 'refused') return { text: refusedAdvice(one.record?.failure?.type) };
  return { text: ADVICE[state] };
}

const REPAIR: Advice = {
  text: 'Look at the file that the message names or bring it back from a backup, then make this page again.',
};

const STOPPED =
  'It was stopped from outside, or its journal is damaged. Start the same id again (`gleaner scrape … --id`): it collects what was paid for and buys nothing twice.';

const ADVICE: Record<Exclude<ResultState, 'refused' | 'done' | 'unreadable'>, string> = {
  empty: 'Nothing to repair: ask in other words if an answer is needed.',
  failed: 'Ask for them again in a new batch.',
  expired:
    'Their money is gone. Ask for them again in a new batch, and keep a worker running until all are in.',
  unknown: 'Look at the provider’s bill first, because asking again may pay twice.',
  cancelled: 'Start the batch again under its name: it buys what was not bought.',
  open: 'Nothing: they are fetched as soon as they are ready. To watch them:',
};

function refusedAdvice(type: Failure['type'] | undefined): string {
  if (type === 'BudgetExceeded')
    return 'Start the batch again under its name with a higher ceiling (--max-credits, --max-usd): it buys what was refused.';
  return 'Correct what the message names, then ask for them again in a new batch.';
}
