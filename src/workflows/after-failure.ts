import type { Failure } from '../contracts/failures.ts';
import { formatCharge } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import type { Outcome } from '../contracts/outcomes.ts';

/** Why a scrape ends as `unknown`: what is known of the lost answer, and what to do. */
export function lostAnswer(
  scrapeId: string,
  n: number,
  { why, possiblySpent }: { why?: string; possiblySpent: Charge },
): Failure {
  const said =
    why ??
    `the answer to submission ${n} was lost and the provider cannot be asked for it; ` +
      `${formatCharge(possiblySpent)} possibly spent`;
  return {
    type: 'SubmitOutcomeUnknown',
    message: `${scrapeId}: ${said}. To buy it again, start it with onUnknown "resubmit"`,
  };
}

/** How a scrape ends whose last purchase failed like this and is not followed by another. */
export function outcomeAfter({ type }: Failure): Outcome {
  if (type === 'SubmitOutcomeUnknown') return 'unknown';
  return type === 'TaskExpired' ? 'expired' : 'failed';
}
