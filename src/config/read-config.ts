import { join, resolve } from 'node:path';
import { type Problem, toProblems } from '../contracts/schemas/problems.ts';
import { withoutTrailingSlash } from './base-url.ts';
import { ConfigError } from './config-error.ts';
import { type ConfigFiles, nodeFiles } from './config-files.ts';
import { withCaps } from './caps.ts';
import type { Config } from './config.ts';
import { environmentSchema } from './environment.ts';
import { findHome } from './home.ts';
import { readAccounts, simulatorAccounts } from './read-accounts.ts';
import { readWebhookSecret } from './webhook-secret.ts';

type Env = Record<string, string | undefined>;

/**
 * Reads everything that the environment decides, once; nothing else in the product reads it. Without a key the simulator
 * serves. Throws `ConfigError` with every problem at once, each naming its variable and never a secret.
 */
export function readConfig(env: Env, cwd: string, files: ConfigFiles = nodeFiles): Config {
  const set = withoutBlank(env);
  const parsed = environmentSchema.safeParse(set, { reportInput: true });
  const problems = parsed.success ? [] : toProblems(parsed.error, {});
  const home = collect(problems, () => findHome(set['GLEANER_HOME'], cwd, files));
  const { accounts: keyed, caps = {}, ...prices } = readAccounts({ env: set, cwd, home, files }, problems);
  const webhookSecret = readWebhookSecret({ env: set, cwd, files, simulated: keyed.length === 0 }, problems);
  if (!parsed.success || home === undefined || problems.length > 0) throw new ConfigError(problems);
  const variables = parsed.data;
  const simulated = keyed.length === 0;
  if (simulated) keyed.push(...simulatorAccounts(variables));
  const accounts = withCaps(keyed, caps, simulated);

  const stateFolder = simulated ? join(home, 'simulator') : home;
  return {
    home,
    stateFolder,
    store:
      variables.GLEANER_STORE === undefined
        ? join(stateFolder, 'store')
        : resolve(cwd, variables.GLEANER_STORE),
    simulated,
    taskQueue: variables.GLEANER_TASK_QUEUE,
    workers: variables.GLEANER_WORKERS,
    temporalPort: variables.GLEANER_TEMPORAL_PORT,
    uiPort: variables.GLEANER_UI_PORT,
    simulatorPort: variables.GLEANER_SIMULATOR_PORT,
    simulatorSpeed: variables.GLEANER_SIMULATOR_SPEED,
    ...(variables.GLEANER_WEBHOOK_URL !== undefined && {
      webhookUrl: withoutTrailingSlash(variables.GLEANER_WEBHOOK_URL),
    }),
    webhookPort: variables.GLEANER_WEBHOOK_PORT,
    ...(webhookSecret !== undefined && { webhookSecret }),
    temporalEnv: Object.fromEntries(Object.entries(set).filter(([name]) => name.startsWith('TEMPORAL_'))),
    accounts,
    ...prices,
  };
}

/** A variable set to nothing, as compose files and CI leave them, is one that is not set. */
function withoutBlank(env: Env): Record<string, string> {
  const entries = Object.entries(env).flatMap(([name, value]): Array<[string, string]> => {
    const trimmed = value?.trim();
    return trimmed ? [[name, trimmed]] : [];
  });
  return Object.fromEntries(entries);
}

/** Runs one part so that its problems join the others. */
function collect<T>(problems: Problem[], part: () => T): T | undefined {
  try {
    return part();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}
