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

describe('without a key', () => {
  test('the simulator serves, with a state and a store of its own', () => {
    const home = join(cwd, '.gleaner');
    expect(readConfig({}, cwd)).toEqual({
      home,
      stateFolder: join(home, 'simulator'),
      store: join(home, 'simulator', 'store'),
      simulated: true,
      taskQueue: 'gleaner',
      workers: 1,
      temporalPort: 7233,
      uiPort: 8233,
      simulatorPort: 8808,
      simulatorSpeed: 1,
      webhookPort: 8809,
      temporalEnv: {},
      accounts: [
        {
          provider: 'scrapellm',
          name: 'simulator',
          baseUrl: 'http://127.0.0.1:8808',
          secret: 'simulator-key',
          simulated: true,
          timeScale: 1,
        },
        {
          provider: 'dataforseo',
          name: 'simulator',
          baseUrl: 'http://127.0.0.1:8808',
          secret: 'simulator:simulator-password',
          simulated: true,
          timeScale: 1,
        },
      ],
    });
  });

  test('port and speed of the simulator are those of its accounts', () => {
    const config = readConfig({ GLEANER_SIMULATOR_PORT: '9000', GLEANER_SIMULATOR_SPEED: '2.5' }, cwd);
    expect(config).toMatchObject({ simulatorPort: 9000, simulatorSpeed: 2.5 });
    const account = { baseUrl: 'http://127.0.0.1:9000', timeScale: 2.5 };
    expect(config.accounts).toMatchObject([account, account]);
  });

  test.each(['http://localhost:1234/', 'http://127.0.0.9:1234', 'https://[::1]:1234'])(
    'an endpoint on this machine is a simulator: %s',
    (url) => {
      const [account] = readConfig({ SCRAPELLM_BASE_URL: url }, cwd).accounts;
      expect(account).toMatchObject({ baseUrl: url.replace(/\/$/, ''), simulated: true });
    },
  );

  test.each(['https://api.scrapellm.com', 'https://127.0.0.1.example.com'])(
    'an endpoint elsewhere needs a key: %s',
    (url) => {
      expect(problems({ SCRAPELLM_BASE_URL: url }, cwd)).toEqual([
        `SCRAPELLM_BASE_URL: "${url}" is set, but no key: set SCRAPELLM_API_KEY or SCRAPELLM_API_KEY_FILE too`,
      ]);
    },
  );
});

describe('with a key', () => {
  test('real scrapes are bought, and nothing is kept beside simulated ones', () => {
    const config = readConfig({ SCRAPELLM_API_KEY: ` ${KEY}\n` }, cwd);
    expect(config).toMatchObject({
      simulated: false,
      stateFolder: config.home,
      store: join(config.home, 'store'),
    });
    expect(config.accounts).toEqual([
      {
        provider: 'scrapellm',
        name: 'default',
        baseUrl: 'https://api.scrapellm.com',
        secret: KEY,
        simulated: false,
        timeScale: 1,
      },
    ]);
  });

  test('the simulator’s speed does not hurry the real world', () => {
    expect(readConfig({ SCRAPELLM_API_KEY: KEY, GLEANER_SIMULATOR_SPEED: '50' }, cwd).accounts).toMatchObject(
      [{ timeScale: 1 }],
    );
  });

  test('it can be in a file', () => {
    writeFileSync(join(cwd, 'key'), `\uFEFF${KEY}\r\n`);
    expect(readConfig({ SCRAPELLM_API_KEY_FILE: 'key' }, cwd).accounts).toMatchObject([{ secret: KEY }]);
  });

  test.each<[string, Record<string, string>, string]>([
    ['is missing', { SCRAPELLM_API_KEY_FILE: 'none' }, 'SCRAPELLM_API_KEY_FILE: no such file: CWD/none'],
    [
      'is a folder',
      { SCRAPELLM_API_KEY_FILE: '.' },
      'SCRAPELLM_API_KEY_FILE: is a folder, but a file is needed: CWD',
    ],
    [
      'is empty',
      { SCRAPELLM_API_KEY_FILE: 'empty' },
      'SCRAPELLM_API_KEY_FILE: the file is empty: put a key into it, or unset the variable to use the simulator',
    ],
    [
      'holds two words',
      { SCRAPELLM_API_KEY_FILE: 'words' },
      'SCRAPELLM_API_KEY_FILE: must be one word of printable ASCII characters (the value is not shown)',
    ],
    [
      'is given beside a key',
      { SCRAPELLM_API_KEY_FILE: 'words', SCRAPELLM_API_KEY: KEY },
      'SCRAPELLM_API_KEY_FILE: SCRAPELLM_API_KEY is set too; keep one of them',
    ],
  ])('a file that %s never falls back to the simulator', (_what, env, expected) => {
    writeFileSync(join(cwd, 'empty'), ' \n');
    writeFileSync(join(cwd, 'words'), `${KEY} ${KEY}`);
    expect(problems(env, cwd)).toEqual([expected.replace('CWD', cwd)]);
  });

  test('a file that cannot be read is named with the reason', () => {
    const denied = Object.assign(new Error('no'), { code: 'EACCES' });
    const files = {
      kind: (path: string) =>
        path.endsWith('/key') ? ('file' as const) : path === cwd ? ('folder' as const) : ('none' as const),
      usable: () => true,
      readText: () => {
        throw denied;
      },
    };
    expect(() => readConfig({ SCRAPELLM_API_KEY_FILE: 'key' }, cwd, files)).toThrow(
      `SCRAPELLM_API_KEY_FILE: cannot be read (EACCES): ${cwd}/key`,
    );
  });
});

describe('variables', () => {
  test('blank ones are not set', () => {
    const blank = {
      SCRAPELLM_API_KEY: '',
      SCRAPELLM_API_KEY_FILE: ' ',
      SCRAPELLM_BASE_URL: '\t',
      GLEANER_HOME: '',
      GLEANER_UI_PORT: ' ',
      GLEANER_STORE: undefined,
    };
    expect(readConfig(blank, cwd)).toEqual(readConfig({}, cwd));
  });

  test('folders are relative to where the command runs', () => {
    expect(readConfig({ GLEANER_HOME: 'state', GLEANER_STORE: '../elsewhere' }, cwd)).toMatchObject({
      home: join(cwd, 'state'),
      store: join(cwd, '..', 'elsewhere'),
    });
  });

  test('those of Temporal are passed on as they are, and no others', () => {
    expect(
      readConfig({ TEMPORAL_ADDRESS: 'a:7233', TEMPORAL_PROFILE: '', HOME: '/h' }, cwd).temporalEnv,
    ).toEqual({ TEMPORAL_ADDRESS: 'a:7233' });
  });

  test.each<[Record<string, string>, string]>([
    [
      { GLEANER_TEMPORAL_PORT: '70000' },
      'GLEANER_TEMPORAL_PORT: must be a port, a whole number from 1 to 65535, not "70000"',
    ],
    [
      { GLEANER_UI_PORT: 'web' },
      'GLEANER_UI_PORT: must be a port, a whole number from 1 to 65535, not "web"',
    ],
    [
      { GLEANER_SIMULATOR_PORT: '0' },
      'GLEANER_SIMULATOR_PORT: must be a port, a whole number from 1 to 65535, not "0"',
    ],
    [
      { GLEANER_SIMULATOR_SPEED: '0' },
      'GLEANER_SIMULATOR_SPEED: must be a number above 0, at most 10000, not "0"',
    ],
    [
      { GLEANER_SIMULATOR_SPEED: '1e9' },
      'GLEANER_SIMULATOR_SPEED: must be a number above 0, at most 10000, not "1e9"',
    ],
    [{ GLEANER_WORKERS: '0' }, 'GLEANER_WORKERS: must be a number of worker processes, 1 or more, not "0"'],
    [
      { GLEANER_TASK_QUEUE: 'a b' },
      'GLEANER_TASK_QUEUE: must be a name of letters, digits, ".", "_" and "-" (at most 100), not "a b"',
    ],
    [{ GLEANER_STORE: 's3://bucket' }, 'GLEANER_STORE: must be a folder on this machine, not "s3://bucket"'],
    [{ GLEANER_CONFIG: 'none.json' }, 'GLEANER_CONFIG: no such file: CWD/none.json'],
    [
      { SCRAPELLM_API_KEY: 'two words' },
      'SCRAPELLM_API_KEY: must be one word of printable ASCII characters (the value is not shown)',
    ],
    [
      { SCRAPELLM_API_KEY: KEY, SCRAPELLM_BASE_URL: 'api.scrapellm.com' },
      'SCRAPELLM_BASE_URL: must be a URL such as "https://api.scrapellm.com", not "api.scrapellm.com"',
    ],
    [
      { SCRAPELLM_API_KEY: KEY, SCRAPELLM_BASE_URL: 'http://api.scrapellm.com' },
      'SCRAPELLM_BASE_URL: must start with https://, because a key is sent there (http is for this machine only), not "http://api.scrapellm.com"',
    ],
    [
      { SCRAPELLM_API_KEY: KEY, SCRAPELLM_BASE_URL: 'https://me:pw@host' },
      'SCRAPELLM_BASE_URL: must not hold a user name or a password',
    ],
    [
      { SCRAPELLM_API_KEY: KEY, SCRAPELLM_BASE_URL: 'me:pw@host' },
      'SCRAPELLM_BASE_URL: must be a URL such as "https://api.scrapellm.com" (the value is not shown: it may hold a password)',
    ],
    [
      { SCRAPELLM_API_KEY: KEY, SCRAPELLM_BASE_URL: 'https://host/?api_key=x' },
      'SCRAPELLM_BASE_URL: must not hold "?" or "#"; give the address alone',
    ],
  ])('%j is refused', (env, expected) => {
    expect(problems(env, cwd)).toEqual([expected.replace('CWD', cwd)]);
  });

  test('every problem is named at once, and no secret', () => {
    writeFileSync(join(cwd, 'home'), '');
    const env = {
      SCRAPELLM_API_KEY: `${KEY} x`,
      GLEANER_HOME: 'home',
      GLEANER_UI_PORT: 'x',
      GLEANER_CONFIG: 'none',
      GLEANER_SIMULATOR_SPEED: '-1',
    };
    const lines = problems(env, cwd);
    expect(lines.map((line) => line.split(':')[0])).toEqual([
      'GLEANER_UI_PORT',
      'GLEANER_SIMULATOR_SPEED',
      'GLEANER_HOME',
      'SCRAPELLM_API_KEY',
      'GLEANER_CONFIG',
    ]);
    expect(lines.join()).not.toContain(KEY);
  });
});
