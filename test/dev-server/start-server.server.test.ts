import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { readServerRecord } from '../../src/dev-server/server-record.ts';
import { startDevServer, type StartOptions } from '../../src/dev-server/start-server.ts';
import { script, temporaryFolder } from './fakes.ts';

function start(cli: string, folder: string, options: Partial<StartOptions> = {}) {
  const { env } = process;
  return startDevServer({
    cli,
    folder,
    port: 0,
    uiPort: 0,
    namespace: 'default',
    env,
    log: () => {},
    ...options,
  });
}

test('says what the server said when it ends at once, and leaves no server.json', async () => {
  const folder = temporaryFolder();
  const cli = script(join(folder, 'cli'), 'echo "database is locked" >&2; exit 1');
  const starting = start(cli, join(folder, 'temporal'));
  await expect(starting).rejects.toThrow(/temporal\.log\): ended with exit code 1: database is locked$/);
  expect(await readServerRecord(join(folder, 'temporal'))).toBeUndefined();
});

test('says so when the CLI cannot be run', async () => {
  await expect(start('/nowhere/temporal', temporaryFolder())).rejects.toThrow(/ENOENT/);
});

test('tries other ports when somebody takes the port between probe and start', async () => {
  const folder = temporaryFolder();
  const cli = script(
    join(folder, 'cli'),
    `if [ ! -e ${folder}/tried ]; then touch ${folder}/tried; echo "listen tcp: bind: address already in use"; exit 1; fi
     exec ${inject('temporalCli')} "$@"`,
  );
  const server = await start(cli, join(folder, 'temporal'));
  await server.stop();
  expect(existsSync(join(folder, 'tried'))).toBe(true);
});

test('keeps our keys and TEMPORAL_ variables out of the server', async () => {
  const folder = temporaryFolder();
  const cli = script(join(folder, 'cli'), `env > ${folder}/env; exec ${inject('temporalCli')} "$@"`);
  const env = { ...process.env, SCRAPELLM_API_KEY: 'secret', TEMPORAL_NAMESPACE: 'x' };
  const server = await start(cli, join(folder, 'temporal'), { env });
  await server.stop();
  const seen = readFileSync(join(folder, 'env'), 'utf8');
  expect(seen).toMatch(/^PATH=/m);
  expect(seen).not.toMatch(/secret|^TEMPORAL_/m);
});
