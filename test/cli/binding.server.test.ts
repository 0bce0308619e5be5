import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startDevServer } from '../../src/dev-server/start-server.ts';
import { simulatorControl } from '../../src/simulator/control.ts';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import { startFakeEndpoint, type FakeEndpoint } from '../support/fake-endpoint.ts';
import { createNamespace, type TestNamespace } from '../support/namespace.ts';
import { until } from '../support/scrapes.ts';
import { collect, runCli, spawnCli, type CliRun } from './run-cli.ts';

const REAL_LOOKING_KEY = 'sk_live_4f9d1c7e2b8a4d6f9e0c';

let folder: string;
let simulator: Simulator;
let real: FakeEndpoint;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gleaner-binding-'));
  simulator = await startSimulator({ seed: 1, speed: 20 });
  real = await startFakeEndpoint();
});
afterAll(async () => {
  await simulator.close();
  await real.close();
  await rm(folder, { recursive: true, force: true });
});

type Env = Record<string, string>;

/** A home of its own in a namespace; simulated unless it is said otherwise. */
function envOf(home: string, space: Pick<TestNamespace, 'address' | 'namespace'>, more: Env = {}): Env {
  return {
    GLEANER_HOME: join(folder, home),
    SCRAPELLM_BASE_URL: simulator.url,
    TEMPORAL_ADDRESS: space.address,
    TEMPORAL_NAMESPACE: space.namespace,
    ...more,
  };
}

const REAL: () => Env = () => ({ SCRAPELLM_API_KEY: REAL_LOOKING_KEY, SCRAPELLM_BASE_URL: real.url });
const run = (env: Env, ...args: string[]): Promise<CliRun> => runCli(args, { cwd: folder, env });
const startScrape = (env: Env, id: string): Promise<CliRun> =>
  run(env, 'scrape', 'scrapellm/chatgpt', `question of ${id}`, '--id', id);

/** What the doctor says of the binding. */
async function bindingOf(env: Env): Promise<{ level: string; detail: string; fix?: string }> {
  const { stdout } = await run(env, 'doctor', '--json');
  const findings = JSON.parse(stdout) as Array<{ what: string; level: string; detail: string; fix?: string }>;
  return findings.find(({ what }) => what === 'store of namespace') ?? { level: 'absent', detail: stdout };
}

/** A worker that does not start ends by itself; one that does is ended. */
async function workerStarts(env: Env): Promise<{ starts: boolean; stderr: string }> {
  const child = spawnCli(['worker', '--json'], { cwd: folder, env });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const ended = once(child, 'close');
  await Promise.race([ended, until(async () => stdout().includes('"ready":true'), 'it is ready')]);
  const starts = child.exitCode === null;
  child.kill('SIGTERM');
  await ended;
  return { starts, stderr: stderr() };
}

describe('store and namespace are bound one to one, and doctor names', () => {
  it('a second folder', async () => {
    const space = await createNamespace();
    expect((await startScrape(envOf('one', space), 'bind/one')).code).toBe(0);
    const second = envOf('two', space);
    expect(await bindingOf(second)).toMatchObject({
      level: 'fail',
      detail: expect.stringContaining(`works with the store ${join(folder, 'one')}`),
      fix: expect.stringContaining('Set GLEANER_HOME or GLEANER_STORE to that store'),
    });
    const worker = await workerStarts(second);
    expect(worker.starts).toBe(false);
    expect(worker.stderr).toContain(join(folder, 'two'));
    expect((await startScrape(second, 'bind/two')).code).toBe(1);
    expect(await bindingOf(envOf('one', space))).toMatchObject({ level: 'ok', detail: 'this one' });
    await space.close();
  });

  it('a second namespace and another server, of which neither is bound by the attempt', async () => {
    const [first, second] = [await createNamespace(), await createNamespace()];
    const serverFolder = await mkdtemp(join(tmpdir(), 'gleaner-test-second-'));
    const server = await startDevServer({
      cli: inject('temporalCli'),
      folder: serverFolder,
      port: 0,
      uiPort: 0,
      namespace: 'default',
      env: process.env,
      log: () => undefined,
    });
    try {
      expect((await startScrape(envOf('three', first), 'bind/three')).code).toBe(0);
      expect(await bindingOf(envOf('three', second))).toMatchObject({
        level: 'fail',
        detail: expect.stringContaining(`works with the Temporal namespace "${first.namespace}"`),
        fix: expect.stringContaining(`Set TEMPORAL_NAMESPACE to "${first.namespace}"`),
      });
      expect((await workerStarts(envOf('three', second))).starts).toBe(false);
      const elsewhere = { address: server.address, namespace: 'default' };
      expect(await bindingOf(envOf('three', elsewhere))).toMatchObject({
        level: 'fail',
        fix: expect.stringContaining('Set TEMPORAL_ADDRESS to that server'),
      });
      expect((await startScrape(envOf('three', elsewhere), 'bind/three')).code).toBe(1);
      // Neither namespace keeps anything of it: another store may use them.
      expect(await bindingOf(envOf('four', second))).toMatchObject({ level: 'ok' });
      expect((await startScrape(envOf('four', second), 'bind/four')).code).toBe(0);
    } finally {
      await server.stop();
      await rm(serverFolder, { recursive: true, force: true });
      await first.close();
      await second.close();
    }
  });

  it('a store that is gone, and takes it over when nobody works with it any more', async () => {
    const space = await createNamespace();
    const env = envOf('five', space);
    expect((await startScrape(env, 'bind/five')).code).toBe(0);
    await rm(join(folder, 'five'), { recursive: true });
    expect(await bindingOf(env)).toMatchObject({
      level: 'fail',
      detail: expect.stringContaining('nothing is there any more: the store is lost'),
      fix: expect.stringContaining('restore it from a backup'),
    });
    const refused = await run(env, 'doctor', '--take-over', '--yes');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('are bought again');
    expect(refused.stderr).toContain('not taken over, because it is still in use: 1 scrapes and batches');

    await space.client.workflow.getHandle('bind/five').terminate('its store is lost');
    await until(
      async () => (await space.client.workflow.count("ExecutionStatus='Running'")).count === 1,
      'only the binding is open',
    );
    const unasked = await run(env, 'doctor', '--take-over');
    expect(unasked).toMatchObject({ code: 1, stderr: expect.stringContaining('say --yes') });
    expect(await bindingOf(env)).toMatchObject({ level: 'fail' });
    const taken = await run(env, 'doctor', '--take-over', '--yes', '--json');
    expect(taken.stderr).toContain(`bound: namespace "${space.namespace}" and store`);
    expect(await bindingOf(env)).toMatchObject({ level: 'ok', detail: 'this one' });
    expect(await workerStarts(env)).toMatchObject({ starts: true });
    await space.close();
  });

  it('takes a store over to another namespace by force, after which the first one no longer starts', async () => {
    const [first, second] = [await createNamespace(), await createNamespace()];
    expect((await startScrape(envOf('six', first), 'bind/six')).code).toBe(0);
    const moved = envOf('six', second);
    const refused = await run(moved, 'doctor', '--take-over', '--yes');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('still in use: 1 scrapes') });
    await run(moved, 'doctor', '--take-over', '--yes', '--force');
    expect(await bindingOf(moved)).toMatchObject({ level: 'ok' });
    expect((await workerStarts(moved)).starts).toBe(true);
    const old = await workerStarts(envOf('six', first));
    expect(old.starts).toBe(false);
    expect(old.stderr).toContain(`works with the Temporal namespace "${second.namespace}"`);
    await first.close();
    await second.close();
  });
});

describe('a worker with a real-looking key', () => {
  it('never touches what was started simulated, wherever its store is', async () => {
    const space = await createNamespace();
    const simulated = envOf('seven', space);
    expect((await startScrape(simulated, 'bind/seven')).code).toBe(0);
    const own = await workerStarts({ ...simulated, ...REAL() });
    expect(own.starts).toBe(false);
    expect(own.stderr).toContain('Real scrapes need a namespace of their own');
    const shared = { ...simulated, ...REAL(), GLEANER_STORE: join(folder, 'seven/simulator/store') };
    const worker = await workerStarts(shared);
    expect(worker.starts).toBe(false);
    expect(worker.stderr).toContain('holds SIMULATED scrapes, but this run makes real, paid ones');
    expect((await run(shared, 'doctor')).stdout).toContain('holds SIMULATED scrapes');
    expect(real.calls()).toBe(1); // the doctor's, which is free
    await space.close();
  });

  it('is the only one that touches what was started with a key', async () => {
    const space = await createNamespace();
    const keyed = envOf('eight', space, REAL());
    const callsBefore = real.calls();
    expect((await startScrape(keyed, 'bind/eight')).code).toBe(0);
    const unkeyed = envOf('eight', space);
    expect((await workerStarts(unkeyed)).starts).toBe(false);
    const shared = { ...unkeyed, GLEANER_STORE: join(folder, 'eight/store') };
    expect((await workerStarts(shared)).starts).toBe(false);
    expect((await simulatorControl(simulator.url).state()).totals.submitsSeen).toBe(0);
    expect(real.calls()).toBe(callsBefore);
    await space.close();
  });
});
