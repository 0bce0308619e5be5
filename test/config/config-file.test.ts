import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

describe('the config file', () => {
  const emea = { provider: 'scrapellm', name: 'emea', apiKeyEnv: 'EMEA_KEY', submitsPerSecond: 2.5 };

  test('adds accounts, also to the one of the environment', () => {
    writeHomeConfig({
      accounts: [
        emea,
        { provider: 'scrapellm', name: 'us', apiKeyFile: 'us.key', baseUrl: 'https://eu.example.com/v1/' },
      ],
    });
    writeFileSync(join(cwd, '.gleaner', 'us.key'), KEY);
    const config = readConfig({ EMEA_KEY: 'k1', SCRAPELLM_API_KEY: 'k0' }, cwd);
    expect(config.simulated).toBe(false);
    expect(config.accounts).toMatchObject([
      { name: 'default', secret: 'k0' },
      {
        name: 'emea',
        secret: 'k1',
        baseUrl: 'https://api.scrapellm.com',
        submitsPerSecond: 2.5,
        simulated: false,
        timeScale: 1,
      },
      { name: 'us', secret: KEY, baseUrl: 'https://eu.example.com/v1' },
    ]);
    expect(Object.keys(config.accounts[1] ?? {})).not.toContain('apiKeyEnv');
  });

  test('can be anywhere, and its key files are beside it', () => {
    mkdirSync(join(cwd, 'etc'));
    writeFileSync(
      join(cwd, 'etc', 'g.json'),
      JSON.stringify({ accounts: [{ provider: 'scrapellm', name: 'a', apiKeyFile: 'a.key' }] }),
    );
    writeFileSync(join(cwd, 'etc', 'a.key'), KEY);
    expect(readConfig({ GLEANER_CONFIG: 'etc/g.json' }, cwd).accounts).toMatchObject([
      { name: 'a', secret: KEY },
    ]);
  });

  test('may say what a credit costs, and nothing else', () => {
    writeHomeConfig({ usdPerCredit: 0.000_98 });
    expect(readConfig({ SCRAPELLM_API_KEY: 'k0' }, cwd)).toMatchObject({
      usdPerCredit: 0.000_98,
      accounts: [{ name: 'default' }],
    });
  });

  test.each<[string, unknown, string]>([
    ['a list', [], 'must be an object such as {"accounts": []}'],
    ['a free credit', { usdPerCredit: 0 }, 'usdPerCredit: must be a number above 0, not 0'],
    ['another field', { accounts: [], acounts: [] }, 'acounts: unknown field. Did you mean "accounts"?'],
    [
      'a key in the file',
      { accounts: [{ provider: 'scrapellm', name: 'a', apiKeyEnv: 'EMEA_KEY', apiKey: KEY }] },
      'accounts[0].apiKey: unknown field. Known: provider, name, baseUrl, apiKeyFile, apiKeyEnv, submitsPerSecond, readsPerSecond',
    ],
    [
      'a key instead of a variable',
      { accounts: [{ ...emea, apiKeyEnv: KEY }] },
      'accounts[0].apiKeyEnv: must be the name of an environment variable such as "SCRAPELLM_API_KEY_EMEA" (the value is not shown)',
    ],
    [
      'an unset variable',
      { accounts: [{ ...emea, apiKeyEnv: 'NO_KEY' }] },
      'accounts[0].apiKeyEnv: the environment variable NO_KEY is not set',
    ],
    [
      'a variable of two words',
      { accounts: [{ ...emea, apiKeyEnv: 'TWO_WORDS' }] },
      'accounts[0].apiKeyEnv: TWO_WORDS must be one word of printable ASCII characters (the value is not shown)',
    ],
    ['an object with a key', { accounts: { apiKey: KEY } }, 'accounts: must be a list of accounts'],
    [
      'a key as account',
      { accounts: [KEY] },
      'accounts[0]: must be an object such as {"provider": "scrapellm", "name": "emea", "apiKeyFile": "…"}',
    ],
    [
      'no key',
      { accounts: [{ provider: 'scrapellm', name: 'a' }] },
      'accounts[0].apiKeyFile: give either apiKeyFile or apiKeyEnv',
    ],
    [
      'two keys',
      { accounts: [{ ...emea, apiKeyFile: 'x' }] },
      'accounts[0].apiKeyFile: give either apiKeyFile or apiKeyEnv',
    ],
    [
      'an empty path',
      { accounts: [{ provider: 'scrapellm', name: 'a', apiKeyFile: '' }] },
      'accounts[0].apiKeyFile: must not be empty',
    ],
    [
      'another provider',
      { accounts: [{ ...emea, provider: 'x' }] },
      'accounts[0].provider: must be one of scrapellm, dataforseo, not "x"',
    ],
    [
      'a name with a slash',
      { accounts: [{ ...emea, name: 'a/b' }] },
      'accounts[0].name: must be a name of letters, digits, ".", "_" and "-" (at most 100), not "a/b"',
    ],
    [
      'the simulator’s name',
      { accounts: [{ ...emea, name: 'simulator' }] },
      'accounts[0].name: "simulator" is the account of Gleaner\'s own simulator; choose another name',
    ],
    [
      'no rate',
      { accounts: [{ ...emea, submitsPerSecond: 0 }] },
      'accounts[0].submitsPerSecond: must be a number above 0, not 0',
    ],
    [
      'an open endpoint',
      { accounts: [{ ...emea, baseUrl: 'http://x.example' }] },
      'accounts[0].baseUrl: must start with https://, because a key is sent there (http is for this machine only), not "http://x.example"',
    ],
  ])('with %s is refused', (_what, content, expected) => {
    const path = writeHomeConfig(content);
    expect(problems({ EMEA_KEY: 'k1', TWO_WORDS: 'a b' }, cwd)).toEqual([`${path}: ${expected}`]);
  });

  test('that is not JSON is refused without showing what is in it', () => {
    const path = writeHomeConfig(undefined, `{"apiKey": ${KEY}}`);
    expect(problems({}, cwd)).toEqual([
      `${path}: is not valid JSON (the text is not shown: it may hold a key)`,
    ]);
  });

  test('that is a folder is refused', () => {
    mkdirSync(join(cwd, '.gleaner', 'config.json'), { recursive: true });
    expect(problems({}, cwd)).toEqual([`${join(cwd, '.gleaner', 'config.json')}: cannot be read (EISDIR)`]);
  });

  test('may not name an account twice', () => {
    writeHomeConfig({ accounts: [emea, emea, { ...emea, name: 'default' }] });
    expect(problems({ EMEA_KEY: 'k1', SCRAPELLM_API_KEY: KEY }, cwd)).toEqual([
      'accounts: scrapellm/emea is there twice; SCRAPELLM_API_KEY makes the one named "default"',
      'accounts: scrapellm/default is there twice; SCRAPELLM_API_KEY makes the one named "default"',
    ]);
  });
});

function writeHomeConfig(content: unknown, text = JSON.stringify(content)): string {
  const path = join(cwd, '.gleaner', 'config.json');
  mkdirSync(join(cwd, '.gleaner'));
  writeFileSync(path, text);
  return path;
}
