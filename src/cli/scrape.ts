import { Command, Option } from 'commander';
import type { Config } from '../config/config.ts';
import { DEFAULT_MAX_SUBMISSIONS } from '../contracts/defaults.ts';
import { isSuccess } from '../contracts/outcomes.ts';
import type { Params, ScrapeInput, ScrapeRecord, ScrapeRequest } from '../contracts/scrape.ts';
import { providerOf } from '../providers/registry.ts';
import type { Gleaner } from '../client/connect-gleaner.ts';
import { previewPrice, type PricePreview } from '../client/price-preview.ts';
import { checkScrape } from '../client/start-scrape.ts';
import type { ScrapeStatus } from '../client/scrape-status.ts';
import { previewLines } from './describe-price.ts';
import { EXIT } from './exit-codes.ts';
import { formatTotal } from './format-total.ts';
import { nextSteps } from './next-steps.ts';
import { collectParam, parseAmount, parseUsd, parseWhole } from './option-values.ts';
import { loadConfig, printHeader, withGleaner } from './session.ts';
import { describeAnswer, describeRecord } from './show-scrape.ts';
import { printJson, TERMINAL } from './terminal.ts';
import { detachOnSignal, waitAndTell } from './wait-loop.ts';

interface ScrapeOptions {
  id?: string;
  market?: string;
  param?: Params;
  label?: string;
  account?: string;
  maxCredits?: number;
  maxUsd?: number;
  maxCharge?: string;
  maxSubmissions?: number;
  onUnknown?: 'fail' | 'resubmit';
  dryRun?: boolean;
  wait?: boolean;
  json?: boolean;
}

/** `gleaner scrape`: one prompt to one scraper. */
export function scrapeCommand(): Command {
  return new Command('scrape')
    .description('buy one scrape: one prompt, one scraper')
    .argument('<scraper>', 'such as scrapellm/chatgpt; "gleaner scrapers" lists them')
    .argument('<prompt>', 'what to ask')
    .option('--id <id>', 'workflow id; the same id is never bought twice')
    .option('--market <market>', 'country/language (default US/en)')
    .option('--param <key=value>', "parameter of the scraper's, may be repeated", collectParam)
    .option('--label <text>', 'free text to group by')
    .option('--account <name>', 'the credential that pays')
    .option('--max-credits <n>', 'ceiling over all submissions', parseWhole(0))
    .option('--max-usd <n>', 'the same in dollars', parseUsd)
    .option(
      '--max-charge <amount>',
      'refuse it if one purchase may cost more, such as "$0.01" or "5 credits"',
      parseAmount,
    )
    .option('--max-submissions <n>', 'how often it may be bought (default 2)', parseWhole(1, 10))
    .addOption(
      new Option('--on-unknown <policy>', "when a purchase's answer was lost").choices(['fail', 'resubmit']),
    )
    .option('--dry-run', 'say what would be bought, at most at what price, in what time; start nothing')
    .option('--wait', 'wait for the answer and print it')
    .option('--json', 'print JSON: the started scrape, or with --wait its record')
    .action(async (scraper: string, prompt: string, options: ScrapeOptions) => {
      const input = toInput(scraper, prompt, options);
      const request = checkScrape(input, options.id); // before a server is looked for
      if (options.dryRun) {
        const config = loadConfig();
        printHeader(config);
        printDryRun(input, request, config, options.json);
        return;
      }
      process.exitCode = await withGleaner({ needsServer: true }, async ({ gleaner, server, config }) => {
        const { usdPerCredit } = config;
        previewLines(previewOf(input, request, usdPerCredit)).forEach(TERMINAL.say);
        const started = await gleaner.startScrape(input, options.id === undefined ? {} : { id: options.id });
        const { scrapeId, attached, bound } = started;
        TERMINAL.say(
          attached
            ? `attached to ${scrapeId} of ${started.startedAt.slice(0, 16).replace('T', ' ')}, nothing bought anew`
            : `started ${scrapeId} (at most ${formatTotal(bound, usdPerCredit)} a submission)`,
        );
        if (options.wait) return await waitAndPrint(gleaner, scrapeId, options.json, usdPerCredit);
        if (!(await gleaner.hasWorker())) {
          TERMINAL.say('no worker runs: it begins once one does ("gleaner up" or "gleaner worker")');
        }
        nextSteps(scrapeId, server).forEach(TERMINAL.say);
        if (options.json) printJson(started);
        else TERMINAL.out(scrapeId);
        return EXIT.good;
      });
    });
}

function toInput(scraper: string, prompt: string, options: ScrapeOptions): ScrapeInput {
  const { market, param, label, account, maxCredits, maxUsd, maxCharge, maxSubmissions, onUnknown } = options;
  return {
    scraper,
    prompt,
    ...(market !== undefined && { market }),
    ...(param && { params: param }),
    ...(label !== undefined && { label }),
    ...(account !== undefined && { account }),
    ...(maxCredits !== undefined && { maxCredits }),
    ...(maxUsd !== undefined && { maxUsd }),
    ...(maxCharge !== undefined && { maxCharge }),
    ...(maxSubmissions !== undefined && { maxSubmissions }),
    ...(onUnknown && { onUnknown }),
  };
}

function previewOf(input: ScrapeInput, request: ScrapeRequest, usdPerCredit?: number): PricePreview {
  const { scraper, params } = request;
  const bound = providerOf(scraper).priceBound(request);
  return previewPrice([{ scraper, params, bound, maxCharge: input.maxCharge }], { usdPerCredit });
}

function printDryRun(
  input: ScrapeInput,
  request: ScrapeRequest,
  { simulated, usdPerCredit }: Config,
  json: boolean | undefined,
): void {
  const { scraper } = request;
  const bound = providerOf(scraper).priceBound(request);
  const preview = previewOf(input, request, usdPerCredit);
  const { maxSubmissions = DEFAULT_MAX_SUBMISSIONS } = input;
  if (json) {
    printJson({ dryRun: true, ...request, bound, maxSubmissions, ...preview, simulated });
    return;
  }
  const price = formatTotal(bound, usdPerCredit);
  TERMINAL.out(
    `${scraper}: at most ${price} a submission, at most ${maxSubmissions} of them; nothing was started`,
  );
  previewLines(preview).forEach(TERMINAL.out);
}

async function waitAndPrint(
  gleaner: Gleaner,
  scrapeId: string,
  json: boolean | undefined,
  usdPerCredit: number | undefined,
): Promise<number> {
  detachOnSignal(scrapeId);
  const look = async (): Promise<string> => describeWaiting(await gleaner.scrapeStatus(scrapeId));
  const record = await waitAndTell(gleaner.waitForScrape(scrapeId), look, TERMINAL.say);
  await printRecord(gleaner, record, json, usdPerCredit);
  return isSuccess(record.outcome) ? EXIT.good : EXIT.notAllSucceeded;
}

/** A record, and for people the answer with it. */
export async function printRecord(
  gleaner: Gleaner,
  record: ScrapeRecord,
  json: boolean | undefined,
  usdPerCredit: number | undefined,
): Promise<void> {
  if (json) {
    printJson(record);
    return;
  }
  const answer = record.result && (await gleaner.store.results.readAnswer(record.result));
  if (answer) describeAnswer(answer).forEach(TERMINAL.out);
  if (answer) TERMINAL.out('');
  describeRecord(record, usdPerCredit).forEach(TERMINAL.out);
}

/** One line: what it does or what holds it up. */
export function describeWaiting({ state, progress, waiting }: ScrapeStatus): string {
  if (state !== 'running') return state;
  if (waiting !== undefined) return `waiting: ${waiting}`;
  return progress ? `${progress.state}: ${progress.detail}` : 'started';
}
