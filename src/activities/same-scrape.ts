import type { Submission } from '../contracts/journal.ts';
import { boughtNothing } from '../contracts/retry.ts';
import type { AskedRequest } from './purchase.ts';

/**
 * Whether a submission in the journal is one of the scrape that is asked for. A scrape id stands for one scraper, prompt and
 * market for good. Its parameters are those of the first submission, but that a retry may buy with others:
 *
 * - a retry may differ from what was bought before it, and from a try that bought nothing, never from what it bought itself;
 * - who knows nothing of retries, such as the batch started again, finds what a retry bought and collects it.
 *
 * A place that was taken for its money (ledger/recount.ts) names no prompt and bought nothing: whatever it was for may follow.
 */
export function isSameScrape({ fingerprint, request, retry }: AskedRequest, submission: Submission): boolean {
  const { intent } = submission;
  if (intent.fingerprint === fingerprint) return true;
  const first = intent.request;
  if (first.scraper !== request.scraper || first.market !== request.market) return false;
  if (intent.withdrawn && first.prompt === '') return true;
  if (first.prompt !== request.prompt) return false;
  if (!retry) return intent.retry !== undefined;
  return intent.n < retry.from || (intent.n === retry.from && boughtNothing(submission));
}
