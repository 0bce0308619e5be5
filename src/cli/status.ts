import { Command } from 'commander';
import { isSuccess } from '../contracts/outcomes.ts';
import type { Gleaner } from '../client/connect-gleaner.ts';
import { EXIT } from './exit-codes.ts';
import { findId } from './find-id.ts';
import { describeWaiting, printRecord } from './scrape.ts';
import { withGleaner } from './session.ts';
import { batchExitCode, describeBatch, describeMoney } from './show-batch.ts';
import { printJson, TERMINAL } from './terminal.ts';

/** `gleaner status`: where a scrape or a batch stands, and why it waits. */
export function statusCommand(): Command {
  return new Command('status')
    .description('where a scrape or a batch stands, and why it waits')
    .argument('<id>', 'of a scrape or a batch; "demo" stands for batch/demo')
    .option('--json', 'print JSON: a record once there is one')
    .option(
      '--reveal-task-id',
      "also print the provider's task ids, for its support; whoever has one can read the answer",
    )
    .action(async (text: string, options: { json?: boolean; revealTaskId?: boolean }) => {
      process.exitCode = await withGleaner({ needsServer: false }, async ({ gleaner, config }) => {
        const { id, isBatch } = await findId(gleaner, text);
        if (isBatch) return batch(gleaner, id, options.json, config.usdPerCredit);
        if (options.revealTaskId) await revealTaskIds(gleaner, id);
        return scrape(gleaner, id, options.json);
      });
    });
}

async function scrape(gleaner: Gleaner, id: string, json: boolean | undefined): Promise<number> {
  const status = await gleaner.scrapeStatus(id);
  const { record } = status;
  if (record && status.state !== 'running') {
    await printRecord(gleaner, record, json);
    return isSuccess(record.outcome) ? EXIT.good : EXIT.notAllSucceeded;
  }
  if (json) printJson(status);
  else TERMINAL.out(`${id}: ${describeWaiting(status)}`);
  return status.state === 'running' ? EXIT.good : EXIT.notAllSucceeded;
}

/** To the standard error, so that they do not end up in what a script keeps. */
async function revealTaskIds({ store }: Gleaner, scrapeId: string): Promise<void> {
  const submissions = await store.journal.readAll(scrapeId);
  for (const { n, receipt } of submissions) {
    TERMINAL.say(`submission ${n}: ${receipt ? `task ${receipt.taskId}` : 'no task id on record'}`);
  }
}

async function batch(
  gleaner: Gleaner,
  id: string,
  json: boolean | undefined,
  usdPerCredit: number | undefined,
): Promise<number> {
  const status = await gleaner.batchStatus(id);
  const { progress, state, waiting, startedAt } = status;
  if (json) printJson({ ...progress, state, startedAt, ...(waiting !== undefined && { waiting }) });
  else {
    TERMINAL.out(`${id}: ${describeBatch(status)}`);
    TERMINAL.out(describeMoney(progress, usdPerCredit));
  }
  return state === 'running' ? EXIT.good : batchExitCode(progress);
}
