import { ApplicationFailure } from '@temporalio/common';
import { cutMessage } from '../contracts/failures.ts';
import { formatCharge } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import { isOwed, nextSubmission } from '../contracts/retry.ts';
import type { ScrapeInput, ScrapeRecord, ScrapeRef } from '../contracts/scrape.ts';
import { endOf } from '../ledger/build-record.ts';
import type { Ending } from '../ledger/build-record.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailures, failure } from './failure-table.ts';
import { FILES_AT_ONCE } from './submit-page.ts';
import { isFinal } from '../contracts/outcomes.ts';
import { spendOf } from '../ledger/spend.ts';
import { inParallel } from '../lists/in-parallel.ts';
import { recall } from './recall.ts';
import { settleRecord } from './settle-record.ts';

export interface ConcludeInput {
  /** One scrape, or many of a batch that were never started. */
  refs: ScrapeRef[];
  ending: Ending;
  /** Of scrapes that a batch's ceiling refused, in the order of `refs`; those that turn out to be paid get no record. */
  refused?: RefusedRow[];
}

/** What is refused: a purchase that could cost `bound`. */
interface RefusedRow {
  input: ScrapeInput;
  bound: Charge;
}

/**
 * Writes the records of scrapes that end without a result. One whose result is stored after all
 * keeps it, and one that was terminated after it had ended keeps how it ended.
 *
 * Nothing is recorded as refused by a ceiling that somebody can still buy: the place of the next purchase is taken first, as a
 * cancel does, since a worker may stand still that an earlier run of the batch had set to buy it. If that one was faster, it is
 * left out here, to be collected. A kill in between leaves the place taken, and the next run takes the one after it.
 */
export async function conclude(
  deps: ActivityDeps,
  { refs, ending, refused }: ConcludeInput,
): Promise<ScrapeRecord[]> {
  return asFailures(async () => {
    const records = await inParallel([...refs.entries()], FILES_AT_ONCE, async ([index, ref]) => {
      const row = refused?.[index];
      return row ? concludeRefused(deps, ref, row, ending) : concludeOne(deps, ref, ending);
    });
    return records.filter((record) => record !== undefined);
  });
}

async function concludeOne(deps: ActivityDeps, ref: ScrapeRef, ending: Ending): Promise<ScrapeRecord> {
  const submissions = await deps.store.journal.readAll(ref.scrapeId);
  if (ending.outcome === 'refused' && submissions.some(isOwed)) throw owed(ref);
  const standing =
    ending.failure?.type === 'Terminated' ? await deps.store.records.read(ref.scrapeId) : undefined;
  // One that a retry bought once more, and that was terminated on the way, has a record from before.
  const isWhole = standing?.submissions === spendOf(submissions).submissions;
  if (standing && isWhole && isFinal(standing.outcome)) return standing;
  return settleRecord(deps, ref, submissions, endOf(submissions) ? undefined : ending);
}

/** Undefined if there is a purchase to collect or to settle. */
async function concludeRefused(
  deps: ActivityDeps,
  ref: ScrapeRef,
  { input, bound }: RefusedRow,
  ending: Ending,
): Promise<ScrapeRecord | undefined> {
  if (await isOwedAfterAll(deps, ref, input)) return undefined;
  const { outcome, failure: why } = ending;
  const asked = `; this scrape may cost up to ${formatCharge(bound)}`;
  return concludeOne(deps, ref, {
    outcome,
    ...(why && { failure: { ...why, message: cutMessage(why.message + asked) } }),
  });
}

/** Takes the place of the next purchase, and tells whether there is an earlier one. */
async function isOwedAfterAll(deps: ActivityDeps, ref: ScrapeRef, input: ScrapeInput): Promise<boolean> {
  const { journal } = deps.store;
  try {
    await recall(deps, { ref, input, n: nextSubmission(await journal.readAll(ref.scrapeId)) });
  } catch (error) {
    // Final is a purchase whose answer is not there yet, and an id that is another scrape's.
    if (!(error instanceof ApplicationFailure && error.nonRetryable)) throw error;
  }
  return (await journal.readAll(ref.scrapeId)).some(isOwed);
}

/** Only an input that somebody typed says "refused" of what was bought. */
function owed({ scrapeId }: ScrapeRef): Error {
  const message = `${scrapeId}: the journal has a purchase to collect or to settle. Start it without "bought"`;
  return failure('InvalidInput', message, { final: true });
}
