import type { RetryPreview } from '../client/retry-batch.ts';
import { fitsUnder, formatCeiling } from '../contracts/ceiling.ts';
import { retryId } from '../contracts/ids.ts';
import { RETRIED_OUTCOMES } from '../contracts/retry.ts';
import { formatTotal } from './format-total.ts';

/** What a retry would buy, what that costs at most, and what is left of the batch's ceiling. */
export function describeRetry(preview: RetryPreview, usdPerCredit?: number): string {
  const { plan } = preview;
  const { batchId, only, total, bound, set } = plan;
  if (total === 0) return `${batchId} has no scrape that is ${list(only)}: nothing to buy`;
  const params = Object.entries(set).map(([name, value]) => `${name}=${value}`);
  const price =
    `${total} ${total === 1 ? 'scrape' : 'scrapes'} of ${batchId} once more` +
    `${params.length > 0 ? ` with ${params.join(', ')}` : ''}, at most ${formatTotal(bound, usdPerCredit)}`;
  if (preview.kind === 'standing') {
    const { createdAt } = plan;
    return `${retryId(batchId, plan.n)} of ${createdAt.slice(0, 16).replace('T', ' ')} ${preview.running ? 'runs' : 'goes on'}: ${price}`;
  }
  const counts = RETRIED_OUTCOMES.flatMap((outcome) => {
    const count = preview.counts[outcome];
    return count === undefined ? [] : [`${count} ${outcome}`];
  });
  const { left } = preview;
  const room =
    left === undefined
      ? 'no ceiling'
      : `${formatCeiling(left)} left of the ceiling${fitsUnder(bound, left) ? '' : ': not all of them will be bought'}`;
  return `${price} (${counts.join(', ')}); ${room}. What was paid before is looked at first`;
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
