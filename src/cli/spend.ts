import { Command, InvalidArgumentError, Option } from 'commander';
import { OUTCOMES } from '../contracts/outcomes.ts';
import { batchId } from '../contracts/ids.ts';
import { PROVIDERS, parseScraper } from '../contracts/scrapers.ts';
import { readSpend } from '../ledger/spend-report.ts';
import { SPEND_DIMENSIONS } from '../ledger/spend-query.ts';
import type { SpendDimension, SpendQuestion } from '../ledger/spend-query.ts';
import { collectList, parseUsd } from './option-values.ts';
import { toCsvLine } from './result-rows.ts';
import { withGleaner } from './session.ts';
import { SPEND_COLUMNS, spendCells, spendJson, spendTable } from './spend-rows.ts';
import { printJson, TERMINAL } from './terminal.ts';

interface SpendOptions {
  by: SpendDimension[];
  since?: string;
  until?: string;
  provider?: string[];
  account?: string[];
  scraper?: string[];
  batch?: string[];
  label?: string[];
  outcome?: string[];
  usdPerCredit?: number;
  json?: boolean;
  csv?: boolean;
}

/** `gleaner spend`: what was spent on what, by the records of this store. */
export function spendCommand(): Command {
  return new Command('spend')
    .description('sum up what was spent, by your own records; needs no server')
    .addOption(
      new Option('--by <list>', `what to group by: ${SPEND_DIMENSIONS.join(', ')}`)
        .argParser(parseDimensions)
        .default(['scraper'], 'scraper'),
    )
    .option('--since <day>', 'first day, such as 2026-11-01 (UTC, of the last purchase)', parseDay)
    .option('--until <day>', 'last day, included', parseDay)
    .option('--provider <list>', `only these of ${PROVIDERS.join(', ')}`, collectList)
    .option('--account <list>', 'only these', collectList)
    .option('--scraper <list>', 'only these', collectScrapers)
    .option('--batch <list>', 'only these, by name or id', collectList)
    .option('--label <text>', 'only this one; may be repeated', collectText)
    .option('--outcome <list>', 'only these', collectOutcomes)
    .option('--usd-per-credit <n>', 'for the total, instead of usdPerCredit in config.json', parseUsd)
    .addOption(new Option('--csv', 'print CSV').conflicts('json'))
    .option('--json', 'print JSON: one object a group')
    .action(async (options: SpendOptions) => {
      await withGleaner({ needsServer: false }, async ({ config, gleaner }) => {
        const rows = await readSpend(gleaner.store, toQuestion(options));
        const usdPerCredit = options.usdPerCredit ?? config.usdPerCredit;
        if (options.json) printJson(rows.map((row) => spendJson(row, usdPerCredit)));
        else if (options.csv) {
          TERMINAL.out(toCsvLine([...options.by, ...SPEND_COLUMNS]));
          for (const row of rows) TERMINAL.out(toCsvLine(spendCells(row, usdPerCredit)));
        } else if (rows.length === 0) TERMINAL.say('no scrape has ended that this asks for');
        else TERMINAL.out(spendTable(options.by, rows, usdPerCredit));
      });
    });
}

function toQuestion({ by, since, until, batch, ...options }: SpendOptions): SpendQuestion {
  const { provider, account, scraper, label, outcome } = options;
  const batches = batch?.map((name) => (name.startsWith('batch/') ? name : batchId(name)));
  return {
    by,
    only: { provider, account, scraper, label, outcome, batch: batches },
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}

function parseDimensions(text: string): SpendDimension[] {
  return collectList(text).map((name) => {
    const known = SPEND_DIMENSIONS.find((dimension) => dimension === name);
    if (known) return known;
    throw new InvalidArgumentError(`"${name}" is none of ${SPEND_DIMENSIONS.join(', ')}.`);
  });
}

function parseDay(text: string): string {
  const time = Date.parse(`${text}T00:00:00Z`);
  if (/^\d{4}-\d\d-\d\d$/.test(text) && new Date(time || 0).toISOString().startsWith(text)) return text;
  throw new InvalidArgumentError('It must be a day such as 2026-11-23.');
}

function collectScrapers(text: string, list: string[] = []): string[] {
  return collectList(text, list).map((name) => {
    const parsed = parseScraper(name);
    if (parsed.ok) return parsed.scraper;
    throw new InvalidArgumentError(parsed.message);
  });
}

function collectOutcomes(text: string, list: string[] = []): string[] {
  return collectList(text, list).map((name) => {
    if (OUTCOMES.some((outcome) => outcome === name)) return name;
    throw new InvalidArgumentError(`"${name}" is none of ${OUTCOMES.join(', ')}.`);
  });
}

function collectText(text: string, list: string[] = []): string[] {
  return [...list, text];
}
