import { Command, Option } from 'commander';
import type { Gleaner } from '../client/connect-gleaner.ts';
import { prepareBatch, type PreparedBatch } from '../client/prepare-batch.ts';
import type { BatchInput, BatchItem, BatchRecord } from '../contracts/batch.ts';
import { ceilingWords, describePrice, previewLines, previewOf } from './describe-price.ts';
import { EXIT, usageError } from './exit-codes.ts';
import { nextSteps } from './next-steps.ts';
import { collectList, parseAmount, parseUsd, parseWhole } from './option-values.ts';
import { defaultBatchName, readManifestFile } from './read-manifest-file.ts';
import { loadConfig, printHeader, withGleaner } from './session.ts';
import { batchExitCode, describeMoney, describeProgress } from './show-batch.ts';
import { jsonLine, tellProgress } from './tell-progress.ts';
import { printJson, TERMINAL } from './terminal.ts';
import { detachOnSignal } from './wait-loop.ts';
import { isListening, webhookAdvice } from './webhook-words.ts';

interface BatchOptions {
  scrapers?: string[];
  name?: string;
  samples?: number;
  market?: string;
  label?: string;
  account?: string;
  maxCredits?: number;
  maxUsd?: number;
  maxCharge?: string;
  maxSubmissions?: number;
  onUnknown?: 'fail' | 'resubmit';
  window?: number;
  again?: boolean;
  wait?: boolean;
  watch?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

/** `gleaner batch`: every prompt of a file to every scraper. */
export function batchCommand(): Command {
  return new Command('batch')
    .description('buy a batch: prompts of a file × scrapers × samples')
    .argument(
      '<manifest>',
      'CSV, NDJSON or JSON file; columns: prompt, id, market, scrapers, label, parameters',
    )
    .option('--scrapers <list>', 'scrapers for rows that name none, such as scrapellm/chatgpt', collectList)
    .option('--name <name>', 'default: file name and date; the same name is never bought twice')
    .option('--samples <n>', 'how often each prompt goes to each scraper', parseWhole(1, 100))
    .option('--market <market>', 'country/language for rows that name none (default US/en)')
    .option('--label <text>', 'free text to group by')
    .option('--account <name>', 'the credential that pays')
    .option(
      '--max-credits <n>',
      'ceiling for the whole batch; a higher one raises that of one that runs',
      parseWhole(0),
    )
    .option('--max-usd <n>', 'ceiling in dollars, for scrapers that are paid in them', parseUsd)
    .option(
      '--max-charge <amount>',
      'refuse what may cost more a purchase, such as "$0.01" or "5 credits"',
      parseAmount,
    )
    .option('--max-submissions <n>', 'how often one scrape may be bought (default 2)', parseWhole(1, 10))
    .addOption(
      new Option('--on-unknown <policy>', "when a purchase's answer was lost").choices(['fail', 'resubmit']),
    )
    .option(
      '--window <n>',
      'scrapes open at once (default 100, of page providers 2000)',
      parseWhole(1, 2_000),
    )
    .option('--again', 'a new run under the next free name (-2, -3, …)')
    .option('--wait', 'wait until all scrapes have an outcome')
    .option('--watch', 'like --wait, with its pace, redrawn in a terminal')
    .option('--dry-run', 'say what would be bought, at most at what price, in what time; start nothing')
    .option('--json', 'print JSON: the started batch, with --wait its record, with --watch one object a line')
    .action(async (file: string, options: BatchOptions) => {
      const manifest = await readManifestFile(file, options.scrapers ?? []);
      const place = (index: number): string => manifest.places[index] ?? `item ${index + 1}`;
      const name = options.name ?? defaultBatchName(file, new Date());
      const input = toInput(name, manifest.items, options);
      const config = loadConfig();
      const { simulated, usdPerCredit } = config;
      const prepared = prepareBatch(input, { simulated, now: new Date(), place });
      if (options.dryRun) {
        printHeader(config);
        printDryRun(prepared, usdPerCredit, options.json);
        return;
      }
      process.exitCode = await withGleaner({ needsServer: true }, async ({ gleaner, server }) => {
        const own = options.again ? { ...input, name: await gleaner.freeBatchName(name) } : input;
        TERMINAL.say(describePrice(prepared, usdPerCredit));
        previewLines(previewOf(prepared, usdPerCredit)).forEach(TERMINAL.say);
        const scrapers = prepared.pages.flat().map((row) => row.input.scraper);
        const listening = await isListening(config);
        const advice = webhookAdvice(scrapers, { window: input.window, listening, simulated });
        if (advice !== undefined) TERMINAL.say(advice);
        const started = await gleaner.startBatch(own, { place });
        const { batchId, attached } = started;
        TERMINAL.say(
          attached
            ? `attached to the batch of ${formatDay(started.startedAt)} (${batchId}), nothing bought; new run: --again`
            : started.resumed
              ? `${batchId} of ${formatDay(started.startedAt)} goes on; what it bought is not bought again`
              : `started ${batchId}`,
        );
        const ceiling = ceilingWords(own, started);
        if (ceiling !== undefined) TERMINAL.say(ceiling);
        if (options.wait || options.watch) return await waitAndPrint(gleaner, batchId, options, usdPerCredit);
        if (!(await gleaner.hasWorker())) {
          TERMINAL.say('no worker runs: it begins once one does ("gleaner up" or "gleaner worker")');
        }
        nextSteps(batchId, server).forEach(TERMINAL.say);
        if (options.json) printJson(started);
        else TERMINAL.out(batchId);
        return EXIT.good;
      });
    });
}

function toInput(name: string, prompts: BatchItem[], options: BatchOptions): BatchInput {
  const { scrapers, samples, market, label, account } = options;
  const { maxCredits, maxUsd, maxCharge, maxSubmissions, onUnknown, window } = options;
  if (!scrapers && prompts.some((item) => item.scrapers === undefined)) {
    throw usageError(
      'no scrapers: give --scrapers (such as scrapellm/chatgpt), or a column "scrapers" in every row',
    );
  }
  return {
    name,
    prompts,
    ...(scrapers && { scrapers }),
    ...(samples !== undefined && { samples }),
    ...(market !== undefined && { market }),
    ...(label !== undefined && { label }),
    ...(account !== undefined && { account }),
    ...(maxCredits !== undefined && { maxCredits }),
    ...(maxUsd !== undefined && { maxUsd }),
    ...(maxCharge !== undefined && { maxCharge }),
    ...(maxSubmissions !== undefined && { maxSubmissions }),
    ...(onUnknown && { onUnknown }),
    ...(window !== undefined && { window }),
  };
}

function printDryRun(prepared: PreparedBatch, usdPerCredit: number | undefined, json?: boolean): void {
  const { manifest, input } = prepared;
  const { batchId, total, bound, simulated } = manifest;
  const { maxCredits = null, maxUsd = null, maxCharge = null } = input;
  const preview = previewOf(prepared, usdPerCredit);
  if (json) {
    printJson({ dryRun: true, batchId, total, bound, maxCredits, maxUsd, maxCharge, ...preview, simulated });
    return;
  }
  TERMINAL.out(`${batchId}: ${describePrice(prepared, usdPerCredit)}; nothing was started`);
  previewLines(preview).forEach(TERMINAL.out);
}

async function waitAndPrint(
  gleaner: Gleaner,
  batchId: string,
  options: BatchOptions,
  usdPerCredit: number | undefined,
): Promise<number> {
  detachOnSignal(batchId);
  const record = await waitTelling(gleaner, batchId, options);
  if (options.json && options.watch) TERMINAL.out(jsonLine(await gleaner.batchStatus(batchId)));
  else if (options.json) printJson(record);
  else {
    TERMINAL.out(`${batchId}: ${describeProgress(record)}`);
    TERMINAL.out(describeMoney(record, usdPerCredit));
    TERMINAL.say(
      `results: gleaner results ${batchId} --format csv > results.csv · report: gleaner report ${batchId}`,
    );
  }
  return batchExitCode(record);
}

/** The watcher ends with the batch, and does not keep it waiting for its next look. */
async function waitTelling(
  gleaner: Gleaner,
  batchId: string,
  { watch, json }: BatchOptions,
): Promise<BatchRecord> {
  const ended = gleaner.waitForBatch(batchId);
  if (json && !watch) return ended;
  const watching = new AbortController();
  const { signal } = watching;
  const lines = watch && TERMINAL.interactive ? 'live' : 'lines-to-err';
  const told = tellProgress(gleaner.watchBatch(batchId, { signal }), json ? 'json' : lines);
  try {
    return await ended;
  } finally {
    watching.abort();
    await told.catch(() => undefined); // the wait itself says what is wrong
  }
}

function formatDay(iso: string): string {
  return new Date(iso).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}
