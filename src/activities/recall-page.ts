import { ApplicationFailure } from '@temporalio/common';
import type { OpenSubmission } from '../contracts/journal.ts';
import type { PageOutcome } from '../contracts/page-purchase.ts';
import { toRef } from '../contracts/to-ref.ts';
import type { ActivityDeps } from './deps.ts';
import { inParallel } from '../lists/in-parallel.ts';
import { ALONE } from './page-row.ts';
import type { PageRow } from './page-row.ts';
import { recall } from './recall.ts';
import { FILES_AT_ONCE } from './submit-page.ts';
import type { SubmitPageInput } from './submit-page.ts';

/**
 * What became of a page whose purchase was cancelled while it waited to be tried again. Buys nothing and makes sure that
 * nobody else will, as `recall` does for one scrape; `alone` means that there is nothing to collect or to settle.
 */
export async function recallPage(deps: ActivityDeps, { rows }: SubmitPageInput): Promise<PageOutcome[]> {
  return inParallel(rows, FILES_AT_ONCE, (row) => recallRow(deps, row));
}

async function recallRow(deps: ActivityDeps, { scrapeId, input }: PageRow): Promise<PageOutcome> {
  try {
    const result = await recall(deps, { ref: toRef(scrapeId, input), input, n: 1 });
    return result.kind === 'receipt' ? { kind: 'receipt', receipt: result.receipt, journalled: true } : ALONE;
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    if (error.type === 'SubmitOutcomeUnknown') {
      return { kind: 'unknown', open: error.details?.[0] as OpenSubmission }; // openIntentFailure puts it there
    }
    if (error.type === 'InvalidInput') return ALONE; // the id is another request's, of which this batch bought nothing
    throw error;
  }
}
