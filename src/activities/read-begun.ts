import { Context } from '@temporalio/activity';
import { addCharges, isFree, withoutCharge } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import { countsAgainstCeiling, spendOf } from '../ledger/spend.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailures } from './failure-table.ts';
import { standingOf } from './standing.ts';

/** A scrape that a partition has not come to, as it knows it. */
export interface UnbegunScrape {
  scrapeId: string;
  /** What it has cost so far. */
  spent: Charge;
  /** What it would be granted now. */
  bound: Charge;
}

/** A scrape that was begun all the same, and the most that it costs beyond what is known. */
interface BegunScrape {
  scrapeId: string;
  mayCost: Charge;
}

/** `runId`: the run that asked, which a run that is reset once more must tell from itself. */
export interface Begun {
  runId: string;
  scrapes: BegunScrape[];
}

/**
 * Finds scrapes that an earlier run of their partition began, after the point to which it was reset: those that run, that
 * have ended, or that cost more by now than is known.
 */
export async function readBegun(
  deps: ActivityDeps,
  { scrapes }: { scrapes: UnbegunScrape[] },
): Promise<Begun> {
  return asFailures(async () => {
    const { client, info } = Context.current();
    const begun: Begun = { runId: info.workflowExecution?.runId ?? '', scrapes: [] };
    for (const { scrapeId, spent, bound } of scrapes) {
      // The journal is read after the status: what a workflow that closes in between has bought is in it.
      const standing = await standingOf(client, scrapeId);
      const journalled = countsAgainstCeiling(spendOf(await deps.store.journal.readAll(scrapeId)));
      const since = withoutCharge(journalled, spent);
      if (standing === 'open') begun.scrapes.push({ scrapeId, mayCost: addCharges(since, bound) });
      else if (!isFree(since) || (await deps.store.records.read(scrapeId)))
        begun.scrapes.push({ scrapeId, mayCost: since });
    }
    return begun;
  });
}
