import { Command, Option } from 'commander';
import { findServer } from '../client/find-server.ts';
import { LOG_LEVELS, type LogLevelName } from '../worker/log-levels.ts';
import { CliError } from './exit-codes.ts';
import { loadConfig, printHeader } from './session.ts';
import { readSimulatorRecord, namesSimulator } from './simulator-record.ts';
import { TERMINAL } from './terminal.ts';
import { untilSignal } from './until-signal.ts';
import { webhooksProblem } from './webhook-words.ts';

/** `gleaner worker`: one worker process, until Ctrl-C or SIGTERM. */
export function workerCommand(): Command {
  return new Command('worker')
    .description('run a worker process beside the server (several may run)')
    .addOption(new Option('--log-level <level>', 'what to log').choices(LOG_LEVELS).default('warn'))
    .option(
      '--webhooks',
      'listen for results that a provider posts (GLEANER_WEBHOOK_URL, docs/operations.md)',
    )
    .option('--json', 'print the ready line as JSON')
    .action(async (options: { logLevel: LogLevelName; webhooks?: boolean; json?: boolean }) => {
      const config = loadConfig();
      const server = await findServer(config);
      printHeader(config, server);
      if (config.simulated && !namesSimulator(config) && !readSimulatorRecord(config.stateFolder)) {
        throw new CliError(
          'no provider key is set and no simulator runs for this home: run "gleaner up" (or "gleaner simulator"), or set SCRAPELLM_API_KEY or DATAFORSEO_LOGIN and DATAFORSEO_PASSWORD',
        );
      }
      // Here, because loading the SDK's native part takes every other command a second for nothing.
      const { runWorker } = await import('../worker/run-worker.ts');
      const { logLevel, webhooks = false } = options;
      const problem = webhooks ? webhooksProblem(config) : undefined;
      if (problem !== undefined) throw new CliError(problem);
      const worker = await runWorker(config, { server, logLevel, webhooks, log: TERMINAL.say });
      if (worker.missingSearchAttributes.length > 0) {
        TERMINAL.say(
          `search attributes ${worker.missingSearchAttributes.join(', ')} cannot be registered here: runs cannot be listed by them`,
        );
      }
      if (worker.others >= config.workers && !config.simulated) {
        TERMINAL.say(
          `${worker.others + 1} workers poll (one that has just ended counts too) and GLEANER_WORKERS is ${config.workers}: ` +
            'set it to their number for all of them, so that together they keep what providers take at once',
        );
      }
      const accounts = config.accounts.map(({ provider, name }) => `${provider}/${name}`);
      const { namespace } = server;
      if (worker.webhooks) {
        const { port, publicUrl } = worker.webhooks;
        TERMINAL.say(`webhooks: listening on port ${port} for what is posted to ${publicUrl}`);
      }
      if (options.json) {
        const { taskQueue, simulated } = config;
        const { others } = worker;
        TERMINAL.out(
          JSON.stringify({
            ready: true,
            pid: process.pid,
            taskQueue,
            namespace,
            accounts,
            otherWorkers: others,
            simulated,
            ...(worker.webhooks && { webhooks: worker.webhooks }),
          }),
        );
      } else {
        const beside = worker.others > 0 ? `, beside ${worker.others} other worker(s)` : '';
        TERMINAL.out(
          `ready: worker ${process.pid} polls ${config.taskQueue} in ${namespace} for ${accounts.join(', ')}${beside}`,
        );
      }
      const why = await Promise.race([untilSignal(), untilParentGone(), worker.ended]);
      if (why !== undefined) TERMINAL.say(`worker ${process.pid}: ${why}, finishing the calls that run`);
      worker.stop();
      await worker.ended;
    });
}

/** `up` holds a channel to its worker; when `up` is killed the channel closes and the worker goes too. */
function untilParentGone(): Promise<string> {
  return new Promise((resolve) => {
    if (!process.connected) return;
    process.once('disconnect', () => resolve('its "gleaner up" is gone'));
    process.channel?.unref(); // else it would keep the ended worker alive
  });
}
