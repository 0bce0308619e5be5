import { Command, Option } from 'commander';
import type { Gleaner } from '../client/connect-gleaner.ts';
import type { GleanerError } from '../client/gleaner-error.ts';
import type { Result } from '../client/results.ts';
import { usageError } from './exit-codes.ts';
import { findId } from './find-id.ts';
import { RESULT_COLUMNS, toCsvLine, toResultRow } from './result-rows.ts';
import { withGleaner } from './session.ts';
import { describeAnswer, describeRecord } from './show-scrape.ts';
import { TERMINAL } from './terminal.ts';

type Format = 'json' | 'ndjson' | 'csv' | 'text';

interface ResultsOptions {
  format: Format;
  variant?: string;
  json?: boolean;
}

/** `gleaner results`: what is in of a scrape or a batch, at any time. */
export function resultsCommand(): Command {
  return new Command('results')
    .description('print what is in of a scrape or a batch, at any time, also without a server')
    .argument('<id>', 'of a scrape or a batch')
    .addOption(
      new Option('--format <format>', 'how to print')
        .choices(['json', 'ndjson', 'csv', 'text'])
        .default('text'),
    )
    .option('--variant <name>', 'the raw body of one form of the results, such as html')
    .option('--json', 'the same as --format json')
    .action(async (text: string, options: ResultsOptions) => {
      await withGleaner({ needsServer: false }, async ({ gleaner }) => {
        const { id } = await findId(gleaner, text);
        const format = options.json ? 'json' : options.format;
        if (options.variant === undefined) await print(gleaner.results(id), format);
        else await printVariants(gleaner, id, options.variant, format);
      });
    });
}

/** One result after the other, so that a batch of any size fits into memory. */
async function print(results: AsyncIterable<Result>, format: Format): Promise<void> {
  let count = 0;
  if (format === 'csv') TERMINAL.out(toCsvLine(RESULT_COLUMNS));
  for await (const result of results) {
    if (TERMINAL.outClosed()) return;
    const json = (indent?: number): string => JSON.stringify(result, undefined, indent);
    if (format === 'json') TERMINAL.out(`${count === 0 ? '[' : ','}\n${json(2)}`);
    else if (format === 'ndjson') TERMINAL.out(json());
    else if (format === 'csv') TERMINAL.out(toCsvLine(toResultRow(result)));
    else printText(result);
    count++;
  }
  if (format === 'json') TERMINAL.out(count === 0 ? '[]' : ']');
  if (count === 0) TERMINAL.say('nothing is in yet');
}

/** The body alone, as it came; as JSON with the names of its scrape. */
async function printVariants(gleaner: Gleaner, id: string, variant: string, format: Format): Promise<void> {
  if (format === 'csv') throw usageError('--variant prints text, json or ndjson: a raw body has no columns');
  let count = 0;
  for await (const { record, body } of gleaner.variants(id, variant, sayWhy)) {
    if (TERMINAL.outClosed()) return;
    const text = new TextDecoder().decode(body);
    const { scrapeId, scraper, market, label } = record;
    const json = (indent?: number): string =>
      JSON.stringify({ scrapeId, scraper, market, label, variant, body: parsed(text) }, undefined, indent);
    if (format === 'json') TERMINAL.out(`${count === 0 ? '[' : ','}\n${json(2)}`);
    else TERMINAL.out(format === 'ndjson' ? json() : text);
    count++;
  }
  if (format === 'json') TERMINAL.out(count === 0 ? '[]' : ']');
  if (count === 0) TERMINAL.say(`nothing is in as ${variant}`);
}

function sayWhy(error: GleanerError): void {
  TERMINAL.say(error.message);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function printText({ record, answer }: Result): void {
  describeRecord(record).forEach(TERMINAL.out);
  if (answer) TERMINAL.out(`prompt: ${answer.prompt}`);
  if (answer) ['', ...describeAnswer(answer)].forEach(TERMINAL.out);
  TERMINAL.out('─'.repeat(72));
}
