import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { processCommand } from '../../src/dev-server/process-command.ts';
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

test('does not take another server, which got the port first, for its own', async () => {
  const folder = temporaryFolder();
  const real = inject('temporalCli');
  const others = join(folder, 'other.pid');
  const cli = script(
    join(folder, 'cli'),
    `if [ -e ${others} ]; then exec ${real} "$@"; fi
     while [ "$1" != --port ]; do shift; done
     ${real} server start-dev --headless --ip 127.0.0.1 --port $2 >${folder}/other.log 2>&1 &
     echo $! > ${others}
     until ${real} operator cluster health --address 127.0.0.1:$2 >/dev/null 2>&1; do :; done
     sleep 1.5 # long enough for two looks
     echo "bind: address already in use"
     exit 1`,
  );
  onTestFinished(() => void process.kill(Number(readFileSync(others, 'utf8')), 'SIGKILL'));
  const server = await start(cli, join(folder, 'temporal'));
  const other = await processCommand(Number(readFileSync(others, 'utf8')));
  expect(other).not.toContain(server.address.replace('127.0.0.1:', '--port '));
  await server.stop();
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
