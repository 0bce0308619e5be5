import type { PageRow } from '../contracts/batch.ts';
import type { Charge } from '../contracts/money.ts';
import { toRequest } from '../contracts/schemas/scrape-request.ts';
import { toRef } from '../contracts/to-ref.ts';
import { splitScraper } from '../contracts/scrapers.ts';
import { providerOf } from '../providers/registry.ts';
import type { ActivityDeps } from './deps.ts';

/**
 * What a row of a batch is granted of its ceiling. It was planned by documented prices; where its account pays more, its
 * purchase reserves more, and a smaller grant would refuse it while there is money.
 */
export async function ownBound(
  deps: ActivityDeps,
  { scrapeId, input, bound }: Pick<PageRow, 'scrapeId' | 'input' | 'bound'>,
): Promise<Charge> {
  const asked = toRequest(input);
  if (!asked.ok) return bound; // its own submit says why
  const { request } = asked;
  const { account: name } = toRef(scrapeId, input);
  const account = deps.accounts.find(splitScraper(request.scraper).provider, name);
  const provider = providerOf(request.scraper);
  if (!account || !provider.readPrices || provider.validate(request).length > 0) return bound;
  const own = provider.priceBound(request, await deps.prices.of(account));
  return (own.usdMicros ?? 0) > (bound.usdMicros ?? 0) ? { ...bound, ...own } : bound;
}
