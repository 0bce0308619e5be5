import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { KEY, problems } from './config-support.ts';

/** As docker-compose.yml sets them, whatever a team has. */
const FILES = {
  SCRAPELLM_API_KEY_FILE: 'key',
  DATAFORSEO_LOGIN_FILE: 'login',
  DATAFORSEO_PASSWORD_FILE: 'password',
};

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'gleaner-config-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

function write(files: Record<'key' | 'login' | 'password', string>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
}

function accounts(env: Record<string, string>): string[] {
  return readConfig(env, cwd).accounts.map(({ provider, name }) => `${provider}/${name}`);
}

describe('an empty key file means that there is no such account:', () => {
  test('only ScrapeLLM', () => {
    write({ key: `${KEY}\n`, login: '', password: '\n' });
    expect(accounts(FILES)).toEqual(['scrapellm/default']);
  });

  test('only DataForSEO', () => {
    write({ key: ' \n', login: 'me\n', password: 'secret' });
    expect(accounts(FILES)).toEqual(['dataforseo/default']);
  });

  test('one of the config file, where all three are empty', () => {
    write({ key: '', login: '', password: '' });
    writeFileSync(
      join(cwd, 'accounts.json'),
      JSON.stringify({ accounts: [{ provider: 'scrapellm', name: 'emea', apiKeyEnv: 'EMEA' }] }),
    );
    expect(accounts({ ...FILES, GLEANER_CONFIG: 'accounts.json', EMEA: KEY })).toEqual(['scrapellm/emea']);
  });
});

describe('the simulator never takes the place of', () => {
  test('keys whose files are all empty', () => {
    write({ key: '', login: '', password: '' });
    expect(problems(FILES, cwd)).toEqual([
      'SCRAPELLM_API_KEY_FILE: the file is empty, as DATAFORSEO_LOGIN_FILE and DATAFORSEO_PASSWORD_FILE: ' +
        'put a key into it, or unset the variable to use the simulator',
    ]);
  });

  test.each<[string, Record<'key' | 'login' | 'password', string>, string]>([
    [
      'a login without a password',
      { key: KEY, login: 'me', password: '' },
      'DATAFORSEO_PASSWORD_FILE: must not be empty: CWD/password; both make the account',
    ],
    [
      'a password without a login',
      { key: '', login: '\n', password: 'secret' },
      'DATAFORSEO_LOGIN_FILE: must not be empty: CWD/login; both make the account',
    ],
    [
      'a key that is broken, beside one that is not used',
      { key: 'two words', login: '', password: '' },
      'SCRAPELLM_API_KEY_FILE: must be one word of printable ASCII characters (the value is not shown)',
    ],
  ])('%s', (_what, files, expected) => {
    write(files);
    expect(problems(FILES, cwd)).toEqual([expected.replace('CWD', cwd)]);
  });

  test('a key file that is not there, beside an account that is', () => {
    write({ key: KEY, login: 'me', password: 'secret' });
    rmSync(join(cwd, 'key'));
    expect(problems(FILES, cwd)).toEqual([`SCRAPELLM_API_KEY_FILE: no such file: ${join(cwd, 'key')}`]);
  });
});
