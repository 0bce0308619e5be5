import type { PricePreview } from '../client/price-preview.ts';
import { formatCharge } from '../contracts/money.ts';
import type { PriceMode } from '../providers/provider.ts';
import { bareTable } from './bare-table.ts';
import { formatDuration } from './show-batch.ts';

/** What would be bought of each scraper, with the other ways to buy it. */
export function priceTable({ scrapers }: PricePreview): string {
  const rows = scrapers.map(({ scraper, scrapes, bound, typical, modes }) => {
    const of = (name: PriceMode['name']): string => describeMode(modes.find((mode) => mode.name === name));
    const ways = [of('standard'), of('high priority'), of('live')];
    return [scraper, String(scrapes), formatCharge(bound), describeTime(typical), ...ways];
  });
  const head = [
    'scraper',
    'scrapes',
    'at most',
    'takes',
    'standard',
    'high priority',
    'live (not bought here)',
  ];
  return bareTable(head, rows);
}

function describeMode(mode: PriceMode | undefined): string {
  if (!mode) return '-';
  const { price, typical, params = {} } = mode;
  const how = Object.entries(params).map(([name, value]) => `${name}=${value}`);
  return [formatCharge(price), describeTime(typical), ...how].join(', ');
}

function describeTime({ p50Ms, p99Ms }: { p50Ms?: number; p99Ms: number }): string {
  return p50Ms === undefined
    ? `at most ${formatDuration(p99Ms)}`
    : `${formatDuration(p50Ms)} (99 % ${formatDuration(p99Ms)})`;
}
