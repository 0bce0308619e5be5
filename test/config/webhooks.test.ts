import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { KEY, problems } from './config-support.ts';

const SECRET = 'a-secret-of-sixteen-or-more';
const REAL = { DATAFORSEO_LOGIN: 'me@example.com', DATAFORSEO_PASSWORD: KEY };
const URL = 'https://gleaner.example.com/hooks/';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'gleaner-config-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

test('gives providers no address unless one is set', () => {
  const config = readConfig(REAL, cwd);
  expect(config).toMatchObject({ webhookPort: 8809 });
  expect(config).not.toHaveProperty('webhookUrl');
  expect(config).not.toHaveProperty('webhookSecret');
});

test('reads address, port and secret, the secret also from a file', () => {
  writeFileSync(join(cwd, 'secret'), `${SECRET}\n`);
  const env = { ...REAL, GLEANER_WEBHOOK_URL: URL, GLEANER_WEBHOOK_PORT: '9000' };
  const expected = {
    webhookUrl: 'https://gleaner.example.com/hooks',
    webhookPort: 9000,
    webhookSecret: SECRET,
  };
  expect(readConfig({ ...env, GLEANER_WEBHOOK_SECRET: SECRET }, cwd)).toMatchObject(expected);
  expect(readConfig({ ...env, GLEANER_WEBHOOK_SECRET_FILE: 'secret' }, cwd)).toMatchObject(expected);
});

test('asks for the secret where real scrapes are bought, and not where they are simulated', () => {
  expect(problems({ ...REAL, GLEANER_WEBHOOK_URL: URL }, cwd)).toEqual([
    'GLEANER_WEBHOOK_SECRET: must be set too (or GLEANER_WEBHOOK_SECRET_FILE): it signs the addresses below GLEANER_WEBHOOK_URL',
  ]);
  expect(problems({ GLEANER_WEBHOOK_URL: 'http://127.0.0.1:9000' }, cwd)).toEqual([]);
});

test('takes an empty file for no secret, which only an address asks for', () => {
  writeFileSync(join(cwd, 'secret'), '\n');
  const env = { ...REAL, GLEANER_WEBHOOK_SECRET_FILE: 'secret' };
  expect(readConfig(env, cwd)).not.toHaveProperty('webhookSecret');
  expect(problems({ ...env, GLEANER_WEBHOOK_URL: URL }, cwd)).toEqual([
    'GLEANER_WEBHOOK_SECRET_FILE: the file is empty, but its secret signs the addresses below GLEANER_WEBHOOK_URL',
  ]);
});

test('refuses a secret that could be guessed, and never shows it', () => {
  expect(problems({ ...REAL, GLEANER_WEBHOOK_URL: URL, GLEANER_WEBHOOK_SECRET: 'hunter2' }, cwd)).toEqual([
    'GLEANER_WEBHOOK_SECRET: must have at least 16 characters (the value is not shown)',
  ]);
});

test.each([
  ['http://gleaner.example.com', 'must start with https://, because results are sent there'],
  ['gleaner.example.com', 'must be a URL such as "https://gleaner.example.com", not "gleaner.example.com"'],
  ['https://gleaner.example.com/?a=1', 'must not hold "?" or "#"'],
])('refuses the address %s', (url, words) => {
  const found = problems({ ...REAL, GLEANER_WEBHOOK_URL: url, GLEANER_WEBHOOK_SECRET: SECRET }, cwd);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(`GLEANER_WEBHOOK_URL: ${words}`);
});
