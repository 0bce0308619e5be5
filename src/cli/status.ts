import { Command } from 'commander';
import { isSuccess } from '../contracts/outcomes.ts';
import type { Gleaner } from '../client/connect-gleaner.ts';
import { EXIT, usageError } from './exit-codes.ts';
import { findId } from './find-id.ts';
import { describeWaiting, printRecord } from './scrape.ts';
import { withGleaner } from './session.ts';
import { batchExitCode, batchLines } from './show-batch.ts';
import { batchJson, jsonLine, tellProgress } from './tell-progress.ts';
import { printJson, TERMINAL } from './terminal.ts';
import { detachOnSignal } from './wait-loop.ts';

/** `gleaner status`: where a scrape or a batch stands, and why it waits. */
export function statusCommand(): Command {
  return new Command('status')
    .description('where a scrape or a batch stands, and why it waits')
    .argument('<id>', 'of a scrape or a batch; "demo" stands for batch/demo')
    .option('--watch', 'go on telling until the batch has ended')
    .option('--json', 'print JSON: a record once there is one; with --watch one object a line')
    .option(
      '--reveal-task-id',
      "also print the provider's task ids, for its support; whoever has one can read the answer",
    )
    .action(async (text: string, options: { json?: boolean; watch?: boolean; revealTaskId?: boolean }) => {
      process.exitCode = await withGleaner({ needsServer: false }, async ({ gleaner, config }) => {
        const { id, isBatch } = await findId(gleaner, text);
        const look = { json: options.json, usdPerCredit: config.usdPerCredit };
        if (isBatch) return options.watch ? watch(gleaner, id, look) : batch(gleaner, id, look);
        if (options.watch)
          throw usageError('--watch is for batches; "gleaner scrape … --id <id> --wait" waits for a scrape');
        if (options.revealTaskId) await revealTaskIds(gleaner, id);
        return scrape(gleaner, id, look);
      });
    });
}

async function scrape(gleaner: Gleaner, id: string, { json, usdPerCredit }: Look): Promise<number> {
  const status = await gleaner.scrapeStatus(id);
  const { record } = status;
  if (record && status.state !== 'running') {
    await printRecord(gleaner, record, json, usdPerCredit);
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

interface Look {
  json?: boolean;
  /** Dollars that one credit costs, for one total. */
  usdPerCredit?: number;
}

async function batch(gleaner: Gleaner, id: string, { json, usdPerCredit }: Look): Promise<number> {
  const status = await gleaner.batchStatus(id);
  if (json) printJson(batchJson(status));
  else batchLines(status, usdPerCredit).forEach(TERMINAL.out);
  return status.state === 'running' ? EXIT.good : batchExitCode(status.progress);
}

async function watch(gleaner: Gleaner, id: string, { json, usdPerCredit }: Look): Promise<number> {
  detachOnSignal(id);
  const lines = TERMINAL.interactive && TERMINAL.outInteractive ? 'live' : 'lines-to-out';
  const last = await tellProgress(gleaner.watchBatch(id), json ? 'json' : lines);
  if (!last) return EXIT.error;
  if (json) TERMINAL.out(jsonLine(last));
  else batchLines(last, usdPerCredit).forEach(TERMINAL.out);
  return batchExitCode(last.progress);
}
