import { resolve } from 'node:path';
import { DEFAULT_ACCOUNT } from '../contracts/ids.ts';
import type { ProviderName } from '../contracts/scrapers.ts';
import type { Problem } from '../contracts/schemas/problems.ts';
import type { Account } from '../providers/account.ts';
import { withoutTrailingSlash } from './base-url.ts';
import type { ConfigFiles } from './config-files.ts';
import { checkSecret, readSecretFile, type Secret } from './secret.ts';

/** docs.scrapellm.com/guides/making-requests and docs.dataforseo.com/v3 */
export const BASE_URLS: Record<ProviderName, string> = {
  scrapellm: 'https://api.scrapellm.com',
  dataforseo: 'https://api.dataforseo.com',
};

/** Where the environment's credentials are looked for; `env` is without blank variables. */
export interface EnvironmentSources {
  env: Readonly<Record<string, string>>;
  cwd: string;
  files: ConfigFiles;
}

/**
 * The accounts whose credentials are in the environment, one a provider at most; adds what is wrong with them to
 * `problems`. A key that cannot be read still makes an account: real scrapes were wanted, so the simulator must not serve.
 */
export function environmentAccounts(sources: EnvironmentSources, problems: Problem[]): Account[] {
  return [...scrapeLlmAccount(sources, problems), ...dataForSeoAccount(sources, problems)];
}

/** Which variables name files of credentials; where no account comes of any of them, all of these files are empty. */
export function keyFileVariables({ env }: EnvironmentSources): string[] {
  const names = ['SCRAPELLM_API_KEY_FILE', 'DATAFORSEO_LOGIN_FILE', 'DATAFORSEO_PASSWORD_FILE'];
  return names.filter((name) => env[name] !== undefined);
}

function scrapeLlmAccount(sources: EnvironmentSources, problems: Problem[]): Account[] {
  const key = readVariable('SCRAPELLM_API_KEY', sources, problems);
  return key === undefined ? [] : [account('scrapellm', key, sources.env['SCRAPELLM_BASE_URL'])];
}

/** Login and password belong together; with one of them alone the other is asked for. */
function dataForSeoAccount(sources: EnvironmentSources, problems: Problem[]): Account[] {
  const login = readVariable('DATAFORSEO_LOGIN', sources, problems);
  const password = readVariable('DATAFORSEO_PASSWORD', sources, problems);
  if (login === undefined && password === undefined) return [];
  const missing = login === undefined ? 'DATAFORSEO_LOGIN' : 'DATAFORSEO_PASSWORD';
  if (login === undefined || password === undefined) {
    const file = sources.env[`${missing}_FILE`];
    problems.push(
      file === undefined
        ? { field: missing, message: `must be set too (or ${missing}_FILE): both make the account` }
        : {
            field: `${missing}_FILE`,
            message: `must not be empty: ${resolve(sources.cwd, file)}; both make the account`,
          },
    );
  } else if (login.includes(':')) {
    problems.push({ field: 'DATAFORSEO_LOGIN', message: 'must not hold ":" (the value is not shown)' });
  }
  return [account('dataforseo', `${login ?? ''}:${password ?? ''}`, sources.env['DATAFORSEO_BASE_URL'])];
}

/**
 * A secret in a variable or in the file that `<name>_FILE` names. Undefined if neither is set or the file is empty, as a
 * compose file leaves both for what a team has not; blank if it is wrong, as a file that is not there is.
 */
export function readVariable(
  name: string,
  { env, cwd, files }: EnvironmentSources,
  problems: Problem[],
): string | undefined {
  const [value, file] = [env[name], env[`${name}_FILE`]];
  let secret: Secret;
  if (value !== undefined && file !== undefined) {
    secret = { ok: false, message: `${name} is set too; keep one of them` };
  } else if (file !== undefined) secret = readSecretFile(file, cwd, files);
  else if (value !== undefined) secret = checkSecret(value);
  else return undefined;
  if (secret.ok) return secret.secret;
  if (secret.empty) return undefined;
  problems.push({ field: file === undefined ? name : `${name}_FILE`, message: secret.message });
  return '';
}

function account(provider: ProviderName, secret: string, baseUrl = BASE_URLS[provider]): Account {
  return {
    provider,
    name: DEFAULT_ACCOUNT,
    baseUrl: withoutTrailingSlash(baseUrl),
    secret,
    simulated: false,
    timeScale: 1,
  };
}
