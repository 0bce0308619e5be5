import { resolve } from 'node:path';
import { Command } from 'commander';
import { writeReport } from '../report/write-report.ts';
import { EXIT, usageError } from './exit-codes.ts';
import { findId } from './find-id.ts';
import { withGleaner } from './session.ts';
import { notFound } from '../client/wait.ts';
import { printJson, TERMINAL } from './terminal.ts';

interface ReportOptions {
  output?: string;
  brand?: string;
  rivals?: string[];
  json?: boolean;
}

/** `gleaner report`: one HTML file about a batch, at any time while it runs. */
export function reportCommand(): Command {
  return new Command('report')
    .description('write an HTML report of a batch, at any time, also without a server')
    .argument('<batch>', 'id or name of the batch')
    .option('-o, --output <file>', 'default: <name>.html here')
    .option('--brand <name>', 'count how often this name is mentioned')
    .option('--rivals <names>', 'names to compare it with, separated by commas', splitNames)
    .option('--json', 'print JSON: the path and the size')
    .action(async (text: string, options: ReportOptions) => {
      if (options.rivals && options.brand === undefined) {
        throw usageError('--rivals needs --brand: the name that they are compared with');
      }
      process.exitCode = await withGleaner(
        { needsServer: false },
        async ({ gleaner, config: { usdPerCredit } }) => {
          const { id } = await findId(gleaner, text);
          if (!(await gleaner.store.batches.readManifest(id))) throw notFound(id);
          const file = resolve(TERMINAL.cwd, options.output ?? `${id.split('/').at(-1)}.html`);
          const brands =
            options.brand === undefined
              ? {}
              : { brands: { brand: options.brand, rivals: options.rivals ?? [] } };
          const ceiling = (await gleaner.store.batches.readRecord(id))?.ceiling;
          const money = { ...(ceiling && { ceiling }), ...(usdPerCredit !== undefined && { usdPerCredit }) };
          const written = await writeReport(gleaner.store, id, file, { ...brands, ...money });
          if (options.json) printJson({ batchId: id, ...written });
          else TERMINAL.out(written.path);
          return EXIT.good;
        },
      );
    });
}

function splitNames(text: string, names: string[] = []): string[] {
  return text.split(',').reduce((list, name) => (name.trim() === '' ? list : [...list, name.trim()]), names);
}
