import { join, resolve } from 'node:path';
import { DEFAULT_ACCOUNT, SIMULATOR_ACCOUNT } from '../contracts/ids.ts';
import type { Problem } from '../contracts/schemas/problems.ts';
import { isLoopback, withoutTrailingSlash } from './base-url.ts';
import { ConfigError } from './config-error.ts';
import { readConfigFile } from './config-file.ts';
import type { ConfigFiles } from './config-files.ts';
import type { Account } from '../providers/account.ts';
import type { Environment } from './environment.ts';
import { checkSecret, readSecretFile, type Secret } from './secret.ts';

/** https://docs.scrapellm.com/guides/making-requests */
const BASE_URLS: Record<Account['provider'], string> = { scrapellm: 'https://api.scrapellm.com' };

/** Where credentials are looked for. */
export interface AccountSources {
  /** Without blank variables. */
  env: Readonly<Record<string, string>>;
  cwd: string;
  /** Undefined if it could not be used. */
  home: string | undefined;
  files: ConfigFiles;
}

/** The accounts of the environment and of the config file; adds what is wrong with them to `problems`. */
export function readAccounts(sources: AccountSources, problems: Problem[]): Account[] {
  const accounts = [...environmentAccount(sources, problems), ...fileAccounts(sources, problems)];
  problems.push(...repeatedAccounts(accounts));
  return accounts;
}

/** The account that serves when there is no key. */
export function simulatorAccount(env: Environment): Account {
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

function environmentAccount({ env, cwd, files }: AccountSources, problems: Problem[]): Account[] {
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
function fileAccounts({ env, cwd, home, files }: AccountSources, problems: Problem[]): Account[] {
  const named = env['GLEANER_CONFIG'];
  if (named === undefined && home === undefined) return [];
  const path = named === undefined ? join(home ?? '', 'config.json') : resolve(cwd, named);
  if (files.kind(path) === 'none') {
    if (named !== undefined) problems.push({ field: 'GLEANER_CONFIG', message: `no such file: ${path}` });
    return [];
  }
  const read = readConfigFile(path, env, BASE_URLS, files);
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
