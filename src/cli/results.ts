import { Command, Option } from 'commander';
import type { Result } from '../client/results.ts';
import { findId } from './find-id.ts';
import { RESULT_COLUMNS, toCsvLine, toResultRow } from './result-rows.ts';
import { withGleaner } from './session.ts';
import { describeAnswer, describeRecord } from './show-scrape.ts';
import { TERMINAL } from './terminal.ts';

type Format = 'json' | 'ndjson' | 'csv' | 'text';

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
    .option('--json', 'the same as --format json')
    .action(async (text: string, options: { format: Format; json?: boolean }) => {
      await withGleaner({ needsServer: false }, async ({ gleaner }) => {
        const { id } = await findId(gleaner, text);
        await print(gleaner.results(id), options.json ? 'json' : options.format);
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

function printText({ record, answer }: Result): void {
  describeRecord(record).forEach(TERMINAL.out);
  if (answer) TERMINAL.out(`prompt: ${answer.prompt}`);
  if (answer) ['', ...describeAnswer(answer)].forEach(TERMINAL.out);
  TERMINAL.out('─'.repeat(72));
}
