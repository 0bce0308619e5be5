import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { processCommand } from '../../src/dev-server/process-command.ts';
import { readServerRecord } from '../../src/dev-server/server-record.ts';
import { until } from '../support/scrapes.ts';
import { collect, runCli, spawnCli } from './run-cli.ts';

it('brings everything up, is there once a home, survives its worker, and takes everything down', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gleaner-up-'));
  const state = join(folder, '.gleaner', 'simulator');
  const env = {
    TEMPORAL_CLI_PATH: inject('temporalCli'),
    GLEANER_TEMPORAL_PORT: '17400',
    GLEANER_UI_PORT: '18400',
    GLEANER_SIMULATOR_PORT: '18900',
    GLEANER_SIMULATOR_SPEED: '50',
    GLEANER_WEBHOOK_PORT: '19400',
  };
  const place = { cwd: folder, env };
  // Another terminal has none of the variables, and finds everything by the home.
  const elsewhere = { cwd: folder, env: {} };
  const up = spawnCli(['up', '--webhooks', '--json'], place);
  const stdout = collect(up.stdout);
  const stderr = collect(up.stderr);
  try {
    await until(async () => stdout().includes('\n'), 'up is ready');
    const ready = JSON.parse(stdout()) as {
      workerPid: number;
      address: string;
      simulatorUrl: string;
      webhooks: { port: number; publicUrl: string };
    };
    expect(ready).toMatchObject({ ready: true, simulated: true, taskQueue: 'gleaner', namespace: 'default' });

    const { port, publicUrl } = ready.webhooks;
    expect(publicUrl).toBe(`http://127.0.0.1:${port}`);
    const asked = await runCli(['doctor'], { cwd: folder, env: { GLEANER_WEBHOOK_URL: publicUrl } });
    expect(asked.stdout).toContain(`ok    webhooks           ${publicUrl} is answered by our receiver`);

    const second = await runCli(['up'], elsewhere);
    expect(second.code).toBe(0);
    expect(second.stdout).toContain(`already up: SIMULATED`);
    expect(second.stdout).toContain(`server ${ready.address}`);
    expect(second.stdout).toContain(`webhooks ${publicUrl} (port ${port}) · process ${up.pid}`);

    process.kill(ready.workerPid, 'SIGKILL');
    await until(async () => /worker \d+ is ready/.test(stderr()), 'another worker has taken its place');
    expect(stderr()).toContain(`worker ${ready.workerPid} ended unexpectedly (SIGKILL)`);
    const scrape = await runCli(['scrape', 'scrapellm/chatgpt', 'best lamp', '--wait', '--json'], elsewhere);
    expect(JSON.parse(scrape.stdout)).toMatchObject({ outcome: 'done' });

    const server = await readServerRecord(state);
    up.kill('SIGTERM');
    expect(await once(up, 'close')).toEqual([0, null]);
    expect(server?.pid).toBeGreaterThan(0);
    // What has ended and was not asked how yet is a process still.
    expect(await processCommand(server?.pid ?? 0)).toBeUndefined();
    const worker = /worker (\d+) is ready/.exec(stderr())?.[1];
    expect(await processCommand(Number(worker))).toBeUndefined();
    await expect(fetch(ready.simulatorUrl)).rejects.toThrow('fetch failed');
    for (const file of ['server.json', 'simulator.json', 'up.json'])
      expect(existsSync(join(state, file))).toBe(false);
    expect(stdout().trim().split('\n')).toHaveLength(1); // the ready line is all there is
  } finally {
    up.kill('SIGTERM');
    if (up.exitCode === null) await once(up, 'close');
    await rm(folder, { recursive: true, force: true });
  }
});
