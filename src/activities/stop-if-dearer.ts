import { fitsUnder } from '../contracts/ceiling.ts';
import { formatCharge } from '../contracts/money.ts';
import type { Charge } from '../contracts/money.ts';
import type { ScrapeRequest } from '../contracts/scrape.ts';
import type { Account } from '../providers/account.ts';
import { PROVIDERS_BY_NAME } from '../providers/registry.ts';
import type { PriceList } from '../providers/provider.ts';
import type { ActivityDeps } from './deps.ts';
import { gateKeyOf } from './purchase.ts';

/** Something that was bought, and what for. */
interface Bought {
  scrapeId: string;
  account: Account;
  /** Undefined where the journal does not tell it. */
  request: ScrapeRequest | undefined;
}

/**
 * A price above what was reserved would pass a ceiling with the next purchases, so there are none on that account until its
 * own prices, read again, would have reserved it; where a provider tells none, until the process is started again.
 */
export function stopIfDearer(
  deps: Pick<ActivityDeps, 'gate' | 'prices'>,
  { scrapeId, account, request }: Bought,
  { charge, bound }: { charge: Charge; bound: Charge },
): void {
  if (fitsUnder(charge, allOf(bound))) return;
  const provider = PROVIDERS_BY_NAME[account.provider];
  const isExplainedBy =
    request && provider.readPrices
      ? (prices: PriceList): boolean => fitsUnder(charge, allOf(provider.priceBound(request, prices)))
      : undefined;
  // Somebody has read the new price already: the next purchase reserves it.
  if (isExplainedBy?.(deps.prices.known(account))) return;
  const until = isExplainedBy
    ? 'until the prices that the account itself tells explain it'
    : 'until the worker is started again with right prices';
  deps.gate.stop(
    gateKeyOf(account),
    `${scrapeId} cost ${formatCharge(charge)} where ${formatCharge(bound)} was the most: nothing more is bought on ` +
      `this account ${until}`,
    isExplainedBy,
  );
}

function allOf({ credits = 0, usdMicros = 0 }: Charge): { credits: number; usdMicros: number } {
  return { credits, usdMicros };
}
