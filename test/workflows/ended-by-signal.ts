import { CancellationScope, condition, setHandler } from '@temporalio/workflow';
import { isFree } from '../../src/contracts/money.ts';
import type { Charge } from '../../src/contracts/money.ts';
import type { ScrapeInput } from '../../src/contracts/scrape.ts';
import type { EndedScrape } from '../../src/workflows/tally.ts';
import { END_SIGNAL } from './end-signal.ts';

export { partitionWorkflow } from '../../src/workflows/partition.ts';

/**
 * Stands in for a scrape: ends when a test says so, having cost what it says, and after a while by itself, having cost all that it
 * may. As a paid one it does not end by a cancel.
 */
export async function scrapeWorkflow({ maxCredits = 0 }: ScrapeInput): Promise<EndedScrape> {
  let charge: Charge | undefined;
  setHandler(END_SIGNAL, (said) => void (charge = said));
  await CancellationScope.nonCancellable(() => condition(() => charge !== undefined, '20 seconds'));
  const spent = charge ?? { credits: maxCredits };
  return {
    outcome: isFree(spent) ? 'failed' : 'done',
    charge: spent,
    possiblySpent: {},
    refundExpected: {},
  };
}
