import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { KEY, problems } from './config-support.ts';

let cwd = '';

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'gleaner-config-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

function urlsOf(env: Record<string, string>): string[] {
  return readConfig(env, cwd).accounts.map(({ baseUrl }) => baseUrl);
}

function namedAccount(name: string, apiKeyEnv: string): object {
  return { provider: 'dataforseo', name, apiKeyEnv };
}

function writeAccounts(accounts: object[]): void {
  writeFileSync(join(cwd, 'accounts.json'), JSON.stringify({ accounts }));
}

describe('with the login of DataForSEO', () => {
  const both = { DATAFORSEO_LOGIN: 'ops@example.test', DATAFORSEO_PASSWORD: 'p:1' };

  test('it makes an account of its own, and nothing is simulated', () => {
    const config = readConfig(both, cwd);
    expect(config).toMatchObject({ simulated: false, stateFolder: config.home });
    expect(config.accounts).toEqual([
      {
        provider: 'dataforseo',
        name: 'default',
        baseUrl: 'https://api.dataforseo.com',
        secret: 'ops@example.test:p:1',
        simulated: false,
        timeScale: 1,
      },
    ]);
  });

  test('a key of ScrapeLLM’s makes another account beside it', () => {
    const { accounts } = readConfig({ ...both, SCRAPELLM_API_KEY: KEY }, cwd);
    expect(accounts.map(({ provider, name }) => `${provider}/${name}`)).toEqual([
      'scrapellm/default',
      'dataforseo/default',
    ]);
  });

  test('both can be in files', () => {
    writeFileSync(join(cwd, 'login'), 'me\n');
    writeFileSync(join(cwd, 'password'), 'secret\n');
    const env = { DATAFORSEO_LOGIN_FILE: 'login', DATAFORSEO_PASSWORD_FILE: 'password' };
    expect(readConfig(env, cwd).accounts).toMatchObject([{ secret: 'me:secret' }]);
  });

  test('another endpoint can be named, such as the vendor’s sandbox', () => {
    const env = { ...both, DATAFORSEO_BASE_URL: 'https://sandbox.dataforseo.com/' };
    expect(readConfig(env, cwd).accounts).toMatchObject([{ baseUrl: 'https://sandbox.dataforseo.com' }]);
  });

  test.each<[Record<string, string>, string]>([
    [
      { DATAFORSEO_LOGIN: 'me' },
      'DATAFORSEO_PASSWORD: must be set too (or DATAFORSEO_PASSWORD_FILE): both make the account',
    ],
    [
      { DATAFORSEO_PASSWORD: 'secret' },
      'DATAFORSEO_LOGIN: must be set too (or DATAFORSEO_LOGIN_FILE): both make the account',
    ],
    [
      { DATAFORSEO_LOGIN: 'me:secret', DATAFORSEO_PASSWORD: 'secret' },
      'DATAFORSEO_LOGIN: must not hold ":" (the value is not shown)',
    ],
    [
      { DATAFORSEO_LOGIN: 'me', DATAFORSEO_PASSWORD: 'two words' },
      'DATAFORSEO_PASSWORD: must be one word of printable ASCII characters (the value is not shown)',
    ],
    [
      { ...both, DATAFORSEO_PASSWORD_FILE: 'x' },
      'DATAFORSEO_PASSWORD_FILE: DATAFORSEO_PASSWORD is set too; keep one of them',
    ],
    [
      { DATAFORSEO_BASE_URL: 'https://sandbox.dataforseo.com' },
      'DATAFORSEO_BASE_URL: "https://sandbox.dataforseo.com" is set, but no key: ' +
        'set DATAFORSEO_LOGIN and DATAFORSEO_PASSWORD too',
    ],
    [
      { ...both, DATAFORSEO_BASE_URL: 'http://api.dataforseo.com' },
      'DATAFORSEO_BASE_URL: must start with https://, because a key is sent there (http is for this machine only), not "http://api.dataforseo.com"',
    ],
  ])('%j never falls back to the simulator', (env, expected) => {
    expect(problems(env, cwd)).toEqual([expected]);
  });

  test('one address of a simulator serves both providers', () => {
    const [one, two] = ['http://127.0.0.1:1111', 'http://127.0.0.1:2222'];
    expect(urlsOf({ SCRAPELLM_BASE_URL: one })).toEqual([one, one]);
    expect(urlsOf({ DATAFORSEO_BASE_URL: two })).toEqual([two, two]);
    expect(urlsOf({ SCRAPELLM_BASE_URL: one, DATAFORSEO_BASE_URL: two })).toEqual([one, two]);
  });

  test('is not the login of two accounts, whose limits and lists would be the same ones', () => {
    const env = { ...both, GLEANER_CONFIG: 'accounts.json', AGENCY: 'ops@example.test:other', OTHER: 'me:x' };
    writeAccounts([namedAccount('agency', 'AGENCY')]);
    expect(problems(env, cwd)).toEqual([
      'accounts: dataforseo/default and dataforseo/agency have the same login at https://api.dataforseo.com; ' +
        'keep one of them: limits, lists and prices are those of a login',
    ]);
    writeAccounts([namedAccount('agency', 'OTHER')]);
    expect(problems(env, cwd)).toEqual([]);
    const sandbox = { ...namedAccount('agency', 'AGENCY'), baseUrl: 'https://sandbox.dataforseo.com' };
    writeAccounts([sandbox]);
    expect(problems(env, cwd)).toEqual([]);
  });

  test('of a config file is login and password in one', () => {
    const env = { GLEANER_CONFIG: 'accounts.json', AGENCY: 'me:secret', HALF: 'secret' };
    writeAccounts([namedAccount('agency', 'AGENCY')]);
    expect(readConfig(env, cwd).accounts).toMatchObject([{ name: 'agency', secret: 'me:secret' }]);
    writeAccounts([namedAccount('agency', 'HALF')]);
    expect(problems(env, cwd)).toEqual([
      `${join(cwd, 'accounts.json')}: accounts[0].apiKeyEnv: must hold login:password (the value is not shown)`,
    ]);
    writeAccounts([namedAccount('default', 'AGENCY')]);
    expect(problems({ ...env, ...both }, cwd)).toEqual([
      'accounts: dataforseo/default is there twice; DATAFORSEO_LOGIN makes the one named "default"',
    ]);
  });
});
