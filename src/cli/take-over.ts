import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findServer } from '../client/find-server.ts';
import { rebindStore } from '../client/store-binding.ts';
import { assertNobodyWorks, planTakeOver, type TakeOverPlan } from '../client/take-over.ts';
import { connectTemporal, type Temporal } from '../client/temporal.ts';
import type { Config } from '../config/config.ts';
import { openFileStore } from '../store/open-store.ts';
import { askYes } from './ask.ts';
import { CliError } from './exit-codes.ts';
import { loadConfig, printHeader } from './session.ts';
import { TERMINAL } from './terminal.ts';

export interface TakeOverOptions {
  yes?: boolean | undefined;
  force?: boolean | undefined;
}

/**
 * Binds this run's store and namespace to each other, whatever they were bound to before. Says what would change and what
 * the danger is, and asks. Throws `CliError` or `GleanerError` if it must not be done, or nobody said yes.
 */
export async function takeOver(options: TakeOverOptions): Promise<void> {
  const config = loadConfig();
  printHeader(config, await findServer(config));
  const temporal = await connectTemporal(config);
  try {
    // A folder that is not there is made only after somebody said yes.
    const store = isMade(config) ? await open(config) : undefined;
    const plan = await planTakeOver(temporal, store, config);
    if (!plan.otherStore && !plan.otherNamespace) {
      TERMINAL.say('nothing to take over: store and namespace work with each other, or with nothing yet');
    } else {
      describe(plan, temporal, config).forEach(TERMINAL.say);
      if (!options.force) assertNobodyWorks(plan);
      await confirm(options);
    }
    await rebindStore(temporal, store ?? (await open(config)));
    TERMINAL.say(`bound: namespace "${temporal.namespace}" and store ${config.store}`);
  } finally {
    await temporal.close();
  }
}

function open(config: Config): ReturnType<typeof openFileStore> {
  return openFileStore(config.store, { simulated: config.simulated });
}

function isMade({ store }: Config): boolean {
  return existsSync(join(store, 'owner.json')) || existsSync(join(store, 'journal'));
}

function describe(plan: TakeOverPlan, { namespace, address }: Temporal, config: Config): string[] {
  const { otherStore, otherNamespace, seen, unseen } = plan;
  const made = isMade(config) ? '' : ' (empty, it is made now)';
  return [
    `this binds the namespace "${namespace}" at ${address} and the store ${config.store}${made} to each other`,
    ...(otherStore
      ? [
          `  the namespace worked with the store ${otherStore.location}${otherStore.simulated ? ' (SIMULATED)' : ''}, store ${otherStore.storeId.slice(0, 8)}`,
          '  danger: what was bought with that store is not known here. Scrapes that are open in the namespace, or are started again, are bought again',
        ]
      : []),
    ...(otherNamespace
      ? [
          `  the store worked with the namespace "${otherNamespace.namespace}" at ${otherNamespace.server}, since ${otherNamespace.at}`,
          '  danger: two namespaces at work with one store keep neither ceilings nor rates. Its workers do not start again',
        ]
      : []),
    '  danger: a store that was restored from an older backup does not know what was bought since, and buys it again',
    ...seen.map((line) => `  still in use: ${line}`),
    ...unseen.map((line) => `  unclear: ${line}. Make sure that nothing of it runs`),
  ];
}

async function confirm({ yes }: TakeOverOptions): Promise<void> {
  if (yes) return;
  if (!TERMINAL.inInteractive)
    throw new CliError('nothing was changed: say --yes, since nobody can be asked here');
  if (!(await askYes('Take over?'))) throw new CliError('nothing was changed');
}
