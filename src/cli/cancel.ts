import { Command } from 'commander';
import { findId, isRetryId } from './find-id.ts';
import { withGleaner } from './session.ts';
import { printJson, TERMINAL } from './terminal.ts';

/** `gleaner cancel`: stop buying; what was paid for is still collected. */
export function cancelCommand(): Command {
  return new Command('cancel')
    .description('stop buying; what was paid for is still collected')
    .argument('<id>', 'of a scrape or a batch')
    .option('--json', 'print JSON')
    .action(async (text: string, options: { json?: boolean }) => {
      await withGleaner({ needsServer: true }, async ({ gleaner }) => {
        // A retry may still wait for a worker, before it runs its batch.
        const id = isRetryId(text) ? text : (await findId(gleaner, text)).id;
        await gleaner.cancel(id);
        if (options.json) printJson({ id, cancelRequested: true });
        else
          TERMINAL.out(
            `${id}: buys nothing more; what was paid for is still collected. See: gleaner status ${id}`,
          );
      });
    });
}
