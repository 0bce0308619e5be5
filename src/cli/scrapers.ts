import { Command } from 'commander';
import { formatCharge } from '../contracts/money.ts';
import { SCRAPERS } from '../contracts/scrapers.ts';
import type { ParamSpec } from '../providers/provider.ts';
import { scraperSpec } from '../providers/registry.ts';
import { bareTable } from './bare-table.ts';
import { printScores } from './scores.ts';
import { printJson, TERMINAL } from './terminal.ts';

/** `gleaner scrapers`: everything that can be bought, or how it did so far. */
export function scrapersCommand(): Command {
  return new Command('scrapers')
    .description('list everything that can be bought: prices, times, markets, parameters')
    .option('--stats', 'how they did by your own records: success, time, cost a result')
    .option('--json', 'print JSON')
    .action(async (options: { stats?: boolean; json?: boolean }) => {
      if (options.stats) await printScores(options.json === true);
      else printScrapers(options.json === true);
    });
}

function printScrapers(json: boolean): void {
  const scrapers = SCRAPERS.map((scraper) => ({ scraper, ...scraperSpec(scraper) }));
  if (json) {
    printJson(scrapers);
    return;
  }
  const rows = scrapers.map(
    ({ scraper, price, priceNote, typical, retentionMs, refusedCountries, params }) => [
      scraper,
      [formatCharge(price), ...(priceNote === undefined ? [] : priceNote.split('; '))].join('\n'),
      `${time(typical.p50Ms)}, 99 % in ${time(typical.p99Ms)}`,
      retentionMs > 2 * DAY_MS ? `${retentionMs / DAY_MS} days` : `${retentionMs / 3_600_000} h`,
      refusedCountries.join(' ') || '-',
      Object.entries(params)
        .map(([name, spec]) => `${name} (${valuesOf(spec)})`)
        .join('\n'),
    ],
  );
  TERMINAL.out(bareTable(['scraper', 'price', 'typical', 'kept', 'not in', 'parameters'], rows));
  TERMINAL.say('"kept": how long the provider keeps a result that nobody has collected');
}

const DAY_MS = 86_400_000;

function time(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

function valuesOf(spec: ParamSpec): string {
  if (spec.type === 'boolean') return 'true or false';
  if (spec.type === 'number') return `${spec.min} to ${spec.max}`;
  return spec.type === 'text' ? spec.form : spec.values.join(', ');
}
