import { collectorId } from '../contracts/ids.ts';
import { splitScraper } from '../contracts/scrapers.ts';
import { providerOf } from '../providers/registry.ts';
import type { Store } from '../store/store.ts';
import { tryDescribe } from './describe-run.ts';
import type { Temporal } from './temporal.ts';
import { whyWaiting } from './why-waiting.ts';

/**
 * What holds up the collector that a bought scrape waits to be told by, such as a blocked account; undefined if nothing
 * does, or no collector is concerned.
 */
export async function whyCollectorWaits(
  temporal: Temporal,
  { journal }: Pick<Store, 'journal'>,
  scrapeId: string,
): Promise<string | undefined> {
  const submission = await journal.read(scrapeId, 1);
  if (!submission) return undefined;
  const { account, request } = submission.intent;
  if (!providerOf(request.scraper).readyLists) return undefined;
  const id = collectorId(splitScraper(request.scraper).provider, account);
  const description = await tryDescribe(temporal, id);
  const reason = description && (await whyWaiting(temporal, description));
  // It runs for minutes, and keeps the failure of an earlier try meanwhile.
  return reason?.backsOff ? `${id}: ${reason.words}` : undefined;
}
