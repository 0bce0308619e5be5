import { join, resolve } from 'node:path';
import { DEFAULT_ACCOUNT, SIMULATOR_ACCOUNT } from '../contracts/ids.ts';
import { SIMULATOR_KEY, SIMULATOR_LOGIN, SIMULATOR_PASSWORD } from '../contracts/simulator-credentials.ts';
import type { Problem } from '../contracts/schemas/problems.ts';
import { isLoopback, withoutTrailingSlash } from './base-url.ts';
import type { Caps } from './caps.ts';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import { readConfigFile } from './config-file.ts';
import type { Account } from '../providers/account.ts';
import type { Environment } from './environment.ts';
import {
  BASE_URLS,
  environmentAccounts,
  keyFileVariables,
  type EnvironmentSources,
} from './environment-accounts.ts';

/** Where credentials are looked for. */
export interface AccountSources extends EnvironmentSources {
  /** Undefined if it could not be used. */
  home: string | undefined;
}

/** What the environment and the config file say of accounts and prices; adds what is wrong with it to `problems`. */
export function readAccounts(sources: AccountSources, problems: Problem[]): AccountsAndPrices {
  const ofEnvironment = environmentAccounts(sources, problems);
  const { accounts: ofFile, ...prices } = fileAccounts(sources, problems);
  const accounts = [...ofEnvironment, ...ofFile];
  problems.push(...repeatedAccounts(accounts), ...repeatedLogins(accounts));
  if (accounts.length === 0) problems.push(...emptyKeyFiles(sources));
  return { accounts, ...prices };
}

type AccountsAndPrices = Pick<Config, 'accounts' | 'usdPerCredit'> & { caps?: Caps };

/** The accounts that serve when there is no key: one simulator speaks for every provider, at one address. */
export function simulatorAccounts(env: Environment): Account[] {
  const local = `http://127.0.0.1:${env.GLEANER_SIMULATOR_PORT}`;
  const ofScrapeLlm = env.SCRAPELLM_BASE_URL ?? env.DATAFORSEO_BASE_URL ?? local;
  const ofDataForSeo = env.DATAFORSEO_BASE_URL ?? env.SCRAPELLM_BASE_URL ?? local;
  const problems = [
    ...keyless('SCRAPELLM_BASE_URL', env.SCRAPELLM_BASE_URL, 'SCRAPELLM_API_KEY or SCRAPELLM_API_KEY_FILE'),
    ...keyless('DATAFORSEO_BASE_URL', env.DATAFORSEO_BASE_URL, 'DATAFORSEO_LOGIN and DATAFORSEO_PASSWORD'),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  const account = { name: SIMULATOR_ACCOUNT, simulated: true, timeScale: env.GLEANER_SIMULATOR_SPEED };
  return [
    {
      ...account,
      provider: 'scrapellm',
      baseUrl: withoutTrailingSlash(ofScrapeLlm),
      secret: SIMULATOR_KEY,
    },
    {
      ...account,
      provider: 'dataforseo',
      baseUrl: withoutTrailingSlash(ofDataForSeo),
      secret: `${SIMULATOR_LOGIN}:${SIMULATOR_PASSWORD}`,
    },
  ];
}

/** Without a key only a simulator can be meant, and ours runs on this machine. */
function keyless(field: string, baseUrl: string | undefined, keys: string): Problem[] {
  if (baseUrl === undefined || isLoopback(baseUrl)) return [];
  return [{ field, message: `"${baseUrl}" is set, but no key: set ${keys} too` }];
}

/** The file that `GLEANER_CONFIG` names has to be there; `config.json` in the home may be. */
function fileAccounts({ env, cwd, home, files }: AccountSources, problems: Problem[]): AccountsAndPrices {
  const named = env['GLEANER_CONFIG'];
  if (named === undefined && home === undefined) return { accounts: [] };
  const path = named === undefined ? join(home ?? '', 'config.json') : resolve(cwd, named);
  if (files.kind(path) === 'none') {
    if (named !== undefined) problems.push({ field: 'GLEANER_CONFIG', message: `no such file: ${path}` });
    return { accounts: [] };
  }
  const read = readConfigFile(path, env, BASE_URLS, files);
  if (!read.ok) {
    problems.push(...read.problems);
    return { accounts: [] };
  }
  const { ok: _, ...found } = read;
  return found;
}

/** One empty file is a provider that is not used; without any key, whoever named files did not mean the simulator. */
function emptyKeyFiles(sources: AccountSources): Problem[] {
  const [field, ...others] = keyFileVariables(sources);
  if (field === undefined) return [];
  const all = others.length === 0 ? 'the file is empty' : `the file is empty, as ${others.join(' and ')}`;
  return [{ field, message: `${all}: put a key into it, or unset the variable to use the simulator` }];
}

/**
 * DataForSEO's limits, lists and prices are those of the login: two accounts of one would have twice the calls and two
 * collectors that take each other's tasks off the lists. The login is not shown.
 */
function repeatedLogins(accounts: readonly Account[]): Problem[] {
  const first = new Map<string, Account>();
  const problems: Problem[] = [];
  for (const account of accounts) {
    if (account.provider !== 'dataforseo') continue;
    const key = JSON.stringify([new URL(account.baseUrl).origin, account.secret.split(':', 1)[0]]);
    const same = first.get(key);
    if (!same) first.set(key, account);
    else if (same.name !== account.name) {
      const message =
        `dataforseo/${same.name} and dataforseo/${account.name} have the same login at ${account.baseUrl}; keep one of them: ` +
        'limits, lists and prices are those of a login';
      problems.push({ field: 'accounts', message });
    }
  }
  return problems;
}

function repeatedAccounts(accounts: readonly Account[]): Problem[] {
  const names = accounts.map((account) => `${account.provider}/${account.name}`);
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...repeated].map((name) => ({
    field: 'accounts',
    message: `${name} is there twice; ${name.startsWith('scrapellm/') ? 'SCRAPELLM_API_KEY' : 'DATAFORSEO_LOGIN'} makes the one named "${DEFAULT_ACCOUNT}"`,
  }));
}
