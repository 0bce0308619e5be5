import { fitsUnder } from '../contracts/ceiling.ts';
import { addCharges, parseCharge, totalUsdMicros, type Charge } from '../contracts/money.ts';
import type { Params } from '../contracts/scrape.ts';
import type { Scraper } from '../contracts/scrapers.ts';
import type { PriceMode } from '../providers/provider.ts';
import { defaultWindow } from '../providers/default-window.ts';
import { scraperSpec } from '../providers/registry.ts';

/** One purchase that would be made. */
export interface PlannedPurchase {
  scraper: Scraper;
  params: Params;
  bound: Charge;
  maxCharge?: string | undefined;
}

/** What would be bought, at most at what price, and in what time; nothing is bought by looking. */
export interface PricePreview {
  scrapers: ScraperPreview[];
  /** How many scrapes could cost more than their `maxCharge`, and will be refused. */
  overMaxCharge: number;
  /** Everything bought once, in one currency; absent if it is not known what a credit costs. */
  totalUsdMicros?: number;
  /** Until the most of it is in if all goes as usual, milliseconds. */
  typicalMs: number;
}

interface ScraperPreview {
  scraper: Scraper;
  scrapes: number;
  /** The most that they cost if each is bought once. */
  bound: Charge;
  /** Of one of them, milliseconds. */
  typical: { p50Ms: number; p99Ms: number };
  /** What the scraper costs and takes in each way to buy it, without other parameters. */
  modes: readonly PriceMode[];
}

/** Adds up purchases by scraper. `window`: how many are open at once, as a worker has it where it is not given. */
export function previewPrice(
  purchases: readonly PlannedPurchase[],
  options: { window?: number | undefined; usdPerCredit?: number | undefined },
): PricePreview {
  const { window = defaultWindow(purchases.map(({ scraper }) => scraper)), usdPerCredit } = options;
  const scrapers = new Map<Scraper, ScraperPreview>();
  let [waited, longest, overMaxCharge] = [0, 0, 0];
  let bound: Charge = {};
  for (const purchase of purchases) {
    const { modes, typical } = scraperSpec(purchase.scraper);
    const times = { ...typical, ...modeOf(purchase.params, modes)?.typical };
    const sum = scrapers.get(purchase.scraper) ?? emptyOf(purchase.scraper, modes, times);
    sum.scrapes += 1;
    sum.bound = addCharges(sum.bound, purchase.bound);
    sum.typical = slower(sum.typical, times);
    scrapers.set(purchase.scraper, sum);
    bound = addCharges(bound, purchase.bound);
    waited += times.p50Ms;
    longest = Math.max(longest, times.p50Ms);
    const limit = purchase.maxCharge === undefined ? {} : (parseCharge(purchase.maxCharge) ?? {});
    if (!fitsUnder(purchase.bound, limit)) overMaxCharge += 1;
  }
  const total = totalUsdMicros(bound, usdPerCredit);
  return {
    scrapers: [...scrapers.values()],
    overMaxCharge,
    ...(total !== undefined && { totalUsdMicros: total }),
    typicalMs: Math.round(Math.max(longest, waited / window)),
  };
}

/** The way that a request is bought: the last one whose parameters it has. */
function modeOf(params: Params, modes: readonly PriceMode[]): PriceMode | undefined {
  return modes.findLast(
    (mode) =>
      mode.offered && Object.entries(mode.params ?? {}).every(([name, value]) => params[name] === value),
  );
}

function emptyOf(
  scraper: Scraper,
  modes: readonly PriceMode[],
  typical: ScraperPreview['typical'],
): ScraperPreview {
  return { scraper, scrapes: 0, bound: {}, typical, modes };
}

function slower(
  a: ScraperPreview['typical'],
  { p50Ms, p99Ms }: ScraperPreview['typical'],
): ScraperPreview['typical'] {
  return { p50Ms: Math.max(a.p50Ms, p50Ms), p99Ms: Math.max(a.p99Ms, p99Ms) };
}
