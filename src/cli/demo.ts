import { Command } from 'commander';
import { demoEnvironment } from './demo/environment.ts';
import { runDemo, type DemoOptions } from './demo/run-demo.ts';
import { createStopList } from './demo/stop-list.ts';
import { EXIT } from './exit-codes.ts';
import { TERMINAL } from './terminal.ts';
import { untilSignal } from './until-signal.ts';

/** `gleaner demo`: 180 scrapes, a worker killed in the middle, and the bill held against the provider's ledger. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('see it work: 180 simulated scrapes, a worker killed with -9, the bill checked')
    .option('--exit', 'end at once when done; else it stays up on a terminal, so that the links work')
    .option('--live', 'buy from the real provider with your key; says the price and asks first')
    .option('--yes', 'with --live: buy without asking')
    .action(async (options: DemoOptions) => {
      const env = demoEnvironment(TERMINAL.env, TERMINAL.cwd, options.live === true);
      const toStop = createStopList();
      const signalled = untilSignal();
      const work = runDemo({ ...TERMINAL, env }, options, toStop);
      try {
        const end = await Promise.race([work, signalled.then(() => undefined)]);
        process.exitCode = end ? end.exitCode : EXIT.error;
        if (end?.stay) await signalled;
      } finally {
        const impatient = setTimeout(() => process.once('SIGINT', () => process.exit(EXIT.error)), 1_000);
        toStop.abort();
        // What is being started now is stopped like the rest; an interrupted run fails in its own way, which says nothing.
        await work.catch(() => undefined);
        await toStop.stopAll();
        clearTimeout(impatient);
      }
    });
}
