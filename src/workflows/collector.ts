import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { CollectorInput, CollectorWishes, Wanted } from '../contracts/collector.ts';
import { PROGRESS_QUERY, WANTED_SIGNAL } from '../contracts/messages.ts';
import { wantedScrapers } from '../contracts/collector.ts';
import { listActivities } from './activity-proxies.ts';
import { Wishes } from './wishes.ts';

const wantedSignal = defineSignal<[Wanted]>(WANTED_SIGNAL);
const collectorProgressQuery = defineQuery<CollectorWishes>(PROGRESS_QUERY);

/**
 * Reads the ready lists of one account for all who wait there, and its list of purchases for those whose answer was lost.
 * It is started and extended by the signal `wanted` and ends when nobody waits any more. It keeps nothing that matters: a
 * scrape that is not told of its end looks by itself.
 */
export async function collectorWorkflow(input: CollectorInput): Promise<void> {
  const wishes = new Wishes(input.wishes);
  setHandler(wantedSignal, (wanted) => wishes.add(wanted, Date.now()), {
    description: 'Lists of {scrapers} are wanted until {until}, or the purchases of {sweep}.',
  });
  setHandler(collectorProgressQuery, () => wishes.state, {
    description: 'Which lists are read, and until when.',
  });
  await condition(() => wishes.state.signals > 0);
  const { collect, sweep } = listActivities(input.provider, input.account);

  const list = async (): Promise<void> => {
    const scrapers = wantedScrapers(wishes.state, Date.now());
    const result = await collect.executeWithOptions(
      { summary: `read what is ready: ${scrapers.join(', ')}` },
      [{ ...input, wishes: wishes.state }],
    );
    // Whoever came in the meantime was not seen by it.
    if (result.nobodyWaits && result.signals === wishes.state.signals) wishes.forgetLists();
  };
  const search = async (wanted: NonNullable<ReturnType<Wishes['nextSweep']>>): Promise<void> => {
    await sweep.executeWithOptions({ summary: `look for lost purchases: ${wanted.family}` }, [
      { provider: input.provider, account: input.account, ...wanted },
    ]);
    wishes.swept(wanted.windows);
  };

  let listing: Promise<void> | undefined;
  let searching: Promise<void> | undefined;
  for (;;) {
    const isFull = workflowInfo().continueAsNewSuggested;
    const wantedSweep = wishes.nextSweep();
    if (!isFull && !listing && wishes.isListing(Date.now())) {
      listing = list().finally(() => (listing = undefined));
    }
    if (!isFull && !searching && wantedSweep) {
      searching = search(wantedSweep).finally(() => (searching = undefined));
    }
    setCurrentDetails(detailsOf(wishes.state));
    if (!listing && !searching) break;
    const { signals } = wishes.state;
    const running = [listing, searching].filter((promise) => promise !== undefined);
    await Promise.race([...running, condition(() => wishes.state.signals !== signals)]);
  }
  await condition(allHandlersFinished);
  if (wishes.isListing(Date.now()) || wishes.nextSweep()) {
    await continueAsNew<typeof collectorWorkflow>({ ...input, wishes: wishes.state });
  }
}

function detailsOf(wishes: CollectorWishes): string {
  const lists = wantedScrapers(wishes, Date.now()).map(
    (scraper) => `- ${scraper} until ${wishes.until[scraper]}`,
  );
  const sweeps = wishes.sweeps.map(
    ({ family, from, to }) => `- purchases of ${family} from ${from} to ${to}`,
  );
  return [...lists, ...sweeps].join('\n') || 'nobody waits';
}
