import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive, residentMb } from '../../scripts/topology/processes.ts';
import { readState } from '../../scripts/topology/state.ts';
import { startTopology, stopTopology, type Topology } from '../../scripts/topology/topology.ts';
import type { BatchRecord } from '../../src/contracts/batch.ts';
import { simulatorControl } from '../../src/simulator/control.ts';
import { until } from '../support/scrapes.ts';

const PROMPTS = [
  'desk lamp',
  'office chair',
  'standing desk',
  'monitor arm',
  'webcam',
  'headset',
  'keyboard',
];
const SCRAPERS = 'scrapellm/chatgpt,scrapellm/perplexity,scrapellm/grok';
const DYNAMIC_CONFIG = fileURLToPath(new URL('../../deploy/dynamic-config.yaml', import.meta.url));

let folder: string;
let topology: Topology;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gleaner-topology-'));
  const begun = Date.now();
  topology = await startTopology({
    folder,
    workers: 2,
    env: { GLEANER_SIMULATOR_SPEED: '5' },
    log: console.log,
  });
  console.log(`up after ${seconds(begun)} s`);
  env = { ...topology.clientEnv, PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, HOME: folder };
});

afterAll(() => stopTopology(folder, { volumes: true })); // also after a start that failed

describe('the topology of docker-compose.yml', () => {
  it('runs one process a container and two workers, on the shards of the compose file', async () => {
    expect(topology.processes().map(({ name }) => name)).toEqual([
      'postgres',
      'temporal',
      'simulator',
      'simulated-worker-1',
      'simulated-worker-2',
      'ui',
    ]);
    await until(async () => (await sql('SELECT count(*) FROM shards')) === '512', 'there are 512 shards');
  });

  it('has settings that the server knows', async () => {
    const { stdout } = await run('temporal-server', ['validate-dynamic-config', DYNAMIC_CONFIG]);
    expect(stdout.trim()).toBe(DYNAMIC_CONFIG);
  });

  it('has namespaces with search attributes, and makes them again without a complaint', async () => {
    await topology.restart('schema');
    await topology.restart('namespace');
    for (const namespace of ['default', 'simulated']) {
      const list = `operator search-attribute list --namespace ${namespace} --address ${topology.address}`;
      const { stdout } = await run('temporal', list.split(' '));
      for (const name of ['Scraper', 'BatchId', 'Account', 'Label']) expect(stdout).toContain(name);
    }
  });

  it('shows the namespace of the workers in the UI', async () => {
    const answer = await fetch(`${topology.uiUrl}/api/v1/namespaces/simulated`);
    expect(await answer.text()).toContain('"simulated"');
  });

  it('buys 21 scrapes once and collects all of them while PostgreSQL is started again and a worker is killed', async () => {
    const control = simulatorControl(env['SCRAPELLM_BASE_URL'] ?? '');
    await control.setKnobs({ attemptFailureRate: 0 });
    const manifest = join(folder, 'prompts.csv');
    await writeFile(manifest, ['prompt', ...PROMPTS.map((topic) => `best ${topic}`)].join('\n'));
    const begun = Date.now();
    const batch = gleaner(
      'batch',
      manifest,
      '--scrapers',
      SCRAPERS,
      '--name',
      'topology',
      '--wait',
      '--json',
    );

    await until(async () => (await control.ledger()).totals.jobs >= 5, 'five scrapes are bought');
    await topology.restart('postgres');
    console.log(`PostgreSQL was started again after ${seconds(begun)} s`);
    // Not in the middle of a purchase, whose outcome would be unknown: that is what test/chaos is about.
    await until(async () => (await control.ledger()).totals.jobs === 21, 'all are bought');
    const { collected } = (await control.ledger()).totals;
    await until(
      async () => (await control.ledger()).totals.collected > collected,
      'another one is collected',
    );
    topology.kill('simulated-worker-1');
    await topology.restart('simulated-worker-1');

    const record = JSON.parse(await batch) as BatchRecord;
    console.log(`21 scrapes in ${seconds(begun)} s`);
    expect(record).toMatchObject({ total: 21, counts: { done: 21, open: 0 } });
    const { totals, violations } = await control.ledger();
    expect(totals).toMatchObject({ jobs: 21, done: 21, collected: 21, submitsSeen: 21 });
    // What the killed worker had fetched and not stored is fetched again, which is free.
    expect(violations.filter(({ rule }) => rule !== 'poll after a terminal state')).toEqual([]);
    for (const { name, pid } of topology.processes()) console.log(`${name}: ${await residentMb(pid)} MB`);
  });

  it('starts workers from the bundle that was made before', async () => {
    expect(existsSync(join(folder, 'app', 'dist', 'workflow-bundle.js'))).toBe(true);
    const log = await readFile(join(folder, 'logs', 'simulated-worker-2.log'), 'utf8');
    expect(log).toContain('ready: worker');
    expect(log).not.toMatch(/webpack|Workflow bundle created/i);
  });

  it('leaves no process and no file behind when it is taken down', async () => {
    const processes = topology.processes();
    const begun = Date.now();
    await topology.down({ volumes: true });
    console.log(`down after ${seconds(begun)} s`);
    for (const one of processes) expect(await isAlive(one)).toBe(false);
    expect(await workingIn(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
    expect(await readState(folder)).toBeUndefined();
  });
});

function run(program: string, args: string[]): Promise<{ stdout: string }> {
  return promisify(execFile)(program, args, { env });
}

/** Runs a command as the image does, and gives what it prints. */
async function gleaner(...args: string[]): Promise<string> {
  const main = join(folder, 'app', 'dist', 'cli', 'main.js');
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [out] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return out;
}

async function sql(query: string): Promise<string> {
  const password = await readFile(join(folder, 'secrets', 'postgres_password'), 'utf8');
  const url = `postgresql://temporal@127.0.0.1:${topology.ports.postgres}/temporal`;
  const args = ['--tuples-only', '--no-align', '--command', query, url];
  const { stdout } = await promisify(execFile)('psql', args, { env: { ...env, PGPASSWORD: password } });
  return stdout.trim();
}

/** Processes whose working folder is there, their children too. */
async function workingIn(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
  return folders.filter((path) => path.startsWith(folder));
}

function seconds(begun: number): string {
  return ((Date.now() - begun) / 1_000).toFixed(1);
}
