import { CancellationScope, condition, setHandler } from '@temporalio/workflow';
import { isFree } from '../../src/contracts/money.ts';
import type { Charge } from '../../src/contracts/money.ts';
import type { EndedScrape } from '../../src/workflows/tally.ts';
import { END_SIGNAL } from './end-signal.ts';

export { partitionWorkflow } from '../../src/workflows/partition.ts';

/** Stands in for a scrape: ends when a test says so, having cost what it says. As a paid one it does not end by a cancel. */
export async function scrapeWorkflow(): Promise<EndedScrape> {
  let charge: Charge | undefined;
  setHandler(END_SIGNAL, (said) => void (charge = said));
  await CancellationScope.nonCancellable(() => condition(() => charge !== undefined));
  return {
    outcome: isFree(charge ?? {}) ? 'failed' : 'done',
    charge: charge ?? {},
    possiblySpent: {},
    refundExpected: {},
  };
}
