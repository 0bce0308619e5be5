import { join, resolve } from 'node:path';
import { DEFAULT_ACCOUNT, SIMULATOR_ACCOUNT } from '../contracts/ids.ts';
import { type Problem, toProblems } from '../contracts/schemas/problems.ts';
import { isLoopback, withoutTrailingSlash } from './base-url.ts';
import { ConfigError } from './config-error.ts';
import { readConfigFile } from './config-file.ts';
import { type ConfigFiles, nodeFiles } from './config-files.ts';
import type { Account, Config } from './config.ts';
import { type Environment, environmentSchema } from './environment.ts';
import { findHome } from './home.ts';
import { checkSecret, readSecretFile, type Secret } from './secret.ts';

/** https://docs.scrapellm.com/guides/making-requests */
const BASE_URLS: Record<Account['provider'], string> = { scrapellm: 'https://api.scrapellm.com' };

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
  if (!parsed.success || home === undefined) throw new ConfigError(problems);

  const variables = parsed.data;
  const accounts = [
    ...environmentAccount(variables, cwd, files, problems),
    ...fileAccounts(variables, set, home, cwd, files, problems),
  ];
  problems.push(...repeatedAccounts(accounts));
  if (problems.length > 0) throw new ConfigError(problems);
  const simulated = accounts.length === 0;
  if (simulated) accounts.push(simulatorAccount(variables));

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
    temporalPort: variables.GLEANER_TEMPORAL_PORT,
    uiPort: variables.GLEANER_UI_PORT,
    simulatorPort: variables.GLEANER_SIMULATOR_PORT,
    simulatorSpeed: variables.GLEANER_SIMULATOR_SPEED,
    temporalEnv: Object.fromEntries(Object.entries(set).filter(([name]) => name.startsWith('TEMPORAL_'))),
    accounts,
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

function environmentAccount(
  env: Environment,
  cwd: string,
  files: ConfigFiles,
  problems: Problem[],
): Account[] {
  const { SCRAPELLM_API_KEY: key, SCRAPELLM_API_KEY_FILE: file, SCRAPELLM_BASE_URL: baseUrl } = env;
  let secret: Secret;
  if (key !== undefined && file !== undefined) {
    secret = { ok: false, message: 'SCRAPELLM_API_KEY is set too; keep one of them' };
  } else if (file !== undefined) secret = readSecretFile(file, cwd, files);
  else if (key !== undefined) secret = checkSecret(key);
  else return [];
  if (!secret.ok) {
    problems.push({
      field: file === undefined ? 'SCRAPELLM_API_KEY' : 'SCRAPELLM_API_KEY_FILE',
      message: secret.message,
    });
  }
  // A key that cannot be read still means that real scrapes were wanted: never fall back to the simulator.
  return [
    {
      provider: 'scrapellm',
      name: DEFAULT_ACCOUNT,
      baseUrl: withoutTrailingSlash(baseUrl ?? BASE_URLS.scrapellm),
      secret: secret.ok ? secret.secret : '',
      simulated: false,
      timeScale: 1,
    },
  ];
}

/** The file that `GLEANER_CONFIG` names has to be there; `config.json` in the home may be. */
function fileAccounts(
  env: Environment,
  set: Record<string, string>,
  home: string,
  cwd: string,
  files: ConfigFiles,
  problems: Problem[],
): Account[] {
  const explicit = env.GLEANER_CONFIG === undefined ? undefined : resolve(cwd, env.GLEANER_CONFIG);
  const path = explicit ?? join(home, 'config.json');
  if (files.kind(path) === 'none') {
    if (explicit !== undefined) problems.push({ field: 'GLEANER_CONFIG', message: `no such file: ${path}` });
    return [];
  }
  const read = readConfigFile(path, set, BASE_URLS, files);
  if (read.ok) return read.accounts;
  problems.push(...read.problems);
  return [];
}

function repeatedAccounts(accounts: readonly Account[]): Problem[] {
  const names = accounts.map((account) => `${account.provider}/${account.name}`);
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...repeated].map((name) => ({
    field: 'accounts',
    message: `${name} is there twice; SCRAPELLM_API_KEY makes the one named "${DEFAULT_ACCOUNT}"`,
  }));
}

function simulatorAccount(env: Environment): Account {
  const baseUrl = env.SCRAPELLM_BASE_URL ?? `http://127.0.0.1:${env.GLEANER_SIMULATOR_PORT}`;
  // Without a key only a simulator can be meant, and ours runs on this machine.
  if (!isLoopback(baseUrl)) {
    const message = `"${baseUrl}" is set, but no key: set SCRAPELLM_API_KEY or SCRAPELLM_API_KEY_FILE too`;
    throw new ConfigError([{ field: 'SCRAPELLM_BASE_URL', message }]);
  }
  return {
    provider: 'scrapellm',
    name: SIMULATOR_ACCOUNT,
    baseUrl: withoutTrailingSlash(baseUrl),
    secret: 'simulator-key',
    simulated: true,
    timeScale: env.GLEANER_SIMULATOR_SPEED,
  };
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
