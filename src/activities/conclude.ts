import { isOwed } from '../contracts/retry.ts';
import type { ScrapeRecord, ScrapeRef } from '../contracts/scrape.ts';
import { endOf } from '../ledger/build-record.ts';
import type { Ending } from '../ledger/build-record.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailures, failure } from './failure-table.ts';
import { isFinal } from '../contracts/outcomes.ts';
import { spendOf } from '../ledger/spend.ts';
import { settleRecord } from './settle-record.ts';

export interface ConcludeInput {
  /** One scrape, or many of a batch that were never started. */
  refs: ScrapeRef[];
  ending: Ending;
}

/**
 * Writes the records of scrapes that end without a result. One whose result is stored after all
 * keeps it, and one that was terminated after it had ended keeps how it ended.
 */
export async function conclude(deps: ActivityDeps, { refs, ending }: ConcludeInput): Promise<ScrapeRecord[]> {
  return asFailures(async () => {
    const records: ScrapeRecord[] = [];
    for (const ref of refs) {
      const submissions = await deps.store.journal.readAll(ref.scrapeId);
      if (ending.outcome === 'refused' && submissions.some(isOwed)) throw owed(ref);
      const standing =
        ending.failure?.type === 'Terminated' ? await deps.store.records.read(ref.scrapeId) : undefined;
      // One that a retry bought once more, and that was terminated on the way, has a record from before.
      const isWhole = standing?.submissions === spendOf(submissions).submissions;
      if (standing && isWhole && isFinal(standing.outcome)) records.push(standing);
      else records.push(await settleRecord(deps, ref, submissions, endOf(submissions) ? undefined : ending));
    }
    return records;
  });
}

/** Only an input that somebody typed says "refused" of what was bought. */
function owed({ scrapeId }: ScrapeRef): Error {
  const message = `${scrapeId}: the journal has a purchase to collect or to settle. Start it without "bought"`;
  return failure('InvalidInput', message, { final: true });
}
