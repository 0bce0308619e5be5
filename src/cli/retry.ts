import { Command, InvalidArgumentError } from 'commander';
import type { Gleaner } from '../client/connect-gleaner.ts';
import type { StartedRetry } from '../client/retry-batch.ts';
import { RETRIED_OUTCOMES } from '../contracts/retry.ts';
import type { RetriedOutcome } from '../contracts/retry.ts';
import type { Params } from '../contracts/scrape.ts';
import { askYes } from './ask.ts';
import { describeRetry } from './describe-retry.ts';
import { EXIT, usageError } from './exit-codes.ts';
import { findId } from './find-id.ts';
import { nextSteps } from './next-steps.ts';
import { collectList, collectParam, parseUsd, parseWhole } from './option-values.ts';
import { withGleaner } from './session.ts';
import { batchExitCode, describeMoney, describeProgress } from './show-batch.ts';
import { printJson, TERMINAL } from './terminal.ts';
import { detachOnSignal } from './wait-loop.ts';

interface RetryCliOptions {
  only?: RetriedOutcome[];
  set?: Params;
  maxCredits?: number;
  maxUsd?: number;
  window?: number;
  yes?: boolean;
  wait?: boolean;
  json?: boolean;
}

/** `gleaner retry`: what an ended batch has no result of, bought once more. */
export function retryCommand(): Command {
  return new Command('retry')
    .description('buy once more what an ended batch has no result of, under what is left of its ceiling')
    .argument('<batch>', 'id or name of the batch')
    .option('--only <outcomes>', `default: ${RETRIED_OUTCOMES.join(',')}`, collectOutcomes)
    .option('--set <key=value>', 'a parameter of the new purchases, may be repeated', collectParam)
    .option('--max-credits <n>', "the batch's ceiling from now on (default: as it was)", parseWhole(0))
    .option('--max-usd <n>', 'the same in dollars', parseUsd)
    .option(
      '--window <n>',
      'scrapes open at once (default 100, of page providers 2000)',
      parseWhole(1, 2_000),
    )
    .option('--yes', 'buy without asking')
    .option('--wait', 'wait until all its scrapes have an outcome')
    .option('--json', 'print JSON: the started retry, with --wait the record of the batch')
    .action(async (text: string, { yes, wait, json, ...options }: RetryCliOptions) => {
      process.exitCode = await withGleaner({ needsServer: true }, async ({ config, gleaner, server }) => {
        const { id, isBatch } = await findId(gleaner, text);
        if (!isBatch) throw usageError(`${id} is a scrape: start it again under its id, or retry its batch`);
        const preview = await gleaner.previewRetry(id, options);
        TERMINAL.say(describeRetry(preview, config.usdPerCredit));
        if (
          preview.plan.total > 0 &&
          !(preview.kind === 'standing' && preview.running) &&
          !(await agreed(yes))
        ) {
          TERMINAL.say('nothing was bought');
          return EXIT.error;
        }
        const started = await gleaner.retryBatch(id, options, preview);
        const { retryId } = started;
        if (retryId === undefined) {
          if (json) printJson(started);
          return EXIT.good;
        }
        TERMINAL.say(started.attached ? `attached to ${retryId}` : `started ${retryId}`);
        if (wait) return await waitAndPrint(gleaner, { ...started, retryId }, json, config.usdPerCredit);
        nextSteps(id, server).forEach(TERMINAL.say);
        if (json) printJson(started);
        else TERMINAL.out(retryId);
        return EXIT.good;
      });
    });
}

async function agreed(yes = false): Promise<boolean> {
  if (yes) return true;
  if (!TERMINAL.inInteractive) {
    throw usageError('it buys, and there is no terminal to ask on: say --yes; nothing was bought');
  }
  return askYes('Buy them?');
}

async function waitAndPrint(
  gleaner: Gleaner,
  retry: StartedRetry & { retryId: string },
  json = false,
  usdPerCredit?: number,
): Promise<number> {
  detachOnSignal(retry.batchId);
  const record = await gleaner.waitForRetry(retry);
  if (json) printJson(record);
  else {
    TERMINAL.out(`${retry.batchId}: ${describeProgress(record)}`);
    TERMINAL.out(describeMoney(record, usdPerCredit));
  }
  return batchExitCode(record);
}

function collectOutcomes(text: string, list: RetriedOutcome[] = []): RetriedOutcome[] {
  const added = collectList(text).map((name) => {
    const known = RETRIED_OUTCOMES.find((outcome) => outcome === name);
    if (known) return known;
    throw new InvalidArgumentError(`"${name}" is none of ${RETRIED_OUTCOMES.join(', ')}.`);
  });
  return [...list, ...added];
}
