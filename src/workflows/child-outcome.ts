import { ApplicationFailure, ChildWorkflowFailure, isCancellation } from '@temporalio/workflow';
import type { ScrapeRecord } from '../contracts/scrape.ts';
import type { EndedScrape } from './tally.ts';

/** How a child scrape ended, from what `executeChild` threw. `terminated`: ended from outside, without a record. */
export type ChildOutcome = { kind: 'ended'; scrape: EndedScrape } | { kind: 'terminated' };

const NOTHING_SPENT = { charge: {}, possiblySpent: {}, refundExpected: {} };

/** A failed scrape carries its record; a cancelled one bought nothing; bad input was refused before anything was bought. */
export function childOutcome(error: unknown): ChildOutcome {
  if (!(error instanceof ChildWorkflowFailure)) throw error;
  if (isCancellation(error)) return { kind: 'ended', scrape: { outcome: 'cancelled', ...NOTHING_SPENT } };
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure)) return { kind: 'terminated' }; // or it hit an execution timeout
  if (cause.type === 'InvalidInput')
    return { kind: 'ended', scrape: { outcome: 'refused', ...NOTHING_SPENT } };
  const record = cause.details?.[0] as ScrapeRecord | undefined; // endingFailure puts it there
  return record ? { kind: 'ended', scrape: record } : { kind: 'terminated' };
}
