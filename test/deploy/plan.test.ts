import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readCompose } from '../../scripts/topology/compose-file.ts';
import { CONTAINER_PORTS, SERVER_PORT_VARIABLES } from '../../scripts/topology/machine.ts';
import { inOrder, planService, type Machine } from '../../scripts/topology/plan.ts';

const compose = await readCompose(fileURLToPath(new URL('../../docker-compose.yml', import.meta.url)), {
  GLEANER_SECRETS: '/state/secrets',
});
const SAME_PORTS = Object.fromEntries(Object.values(CONTAINER_PORTS).map((port) => [port, port]));
const machine: Machine = {
  repository: '/repository',
  folder: '/state',
  ports: { 5432: 25_432, 7233: 27_233, 8080: 28_080, 8818: 28_818, 8809: 28_809 },
  serverPorts: Object.fromEntries(SERVER_PORT_VARIABLES.map((name, index) => [name, String(30_000 + index)])),
  entrypoints: { gleaner: ['node', '/app/dist/cli/main.js'] },
  workers: 2,
};
const names = Object.keys(compose.services);

describe('the native topology', () => {
  it.each(names)('gives %s the variables of the compose file, with only places and ports changed', (name) => {
    const declared = compose.services[name]?.environment ?? {};
    const [plan] = planService(compose, name, { ...machine, ports: SAME_PORTS });
    const added = Object.keys(plan?.env ?? {}).filter((key) => !(key in declared));
    expect(added).toEqual(name === 'temporal' ? [...SERVER_PORT_VARIABLES] : []);
    const changed = Object.entries(declared).filter(([key, value]) => plan?.env[key] !== value);
    expect(changed.filter((entry) => !isPlace(entry))).toEqual([]);
  });

  it('puts files, folders and ports of this machine in the place of those in containers', () => {
    const [server] = planService(compose, 'temporal', machine);
    expect(server?.argv).toEqual(['sh', '/repository/deploy/temporal.sh']);
    expect(server?.env).toMatchObject({
      POSTGRES_SEEDS: '127.0.0.1',
      DB_PORT: '25432',
      POSTGRES_USER: 'temporal',
      DBNAME: 'temporal',
      POSTGRES_PWD_FILE: '/state/secrets/postgres_password',
      DYNAMIC_CONFIG_FILE_PATH: '/repository/deploy/dynamic-config.yaml',
      NUM_HISTORY_SHARDS: '512',
      BIND_ON_IP: '127.0.0.1',
    });
    expect(server?.healthcheck).toEqual(['nc', '-z', '127.0.0.1', '27233']);
    const [worker] = planService(compose, 'simulated-worker', machine);
    expect(worker?.argv).toEqual(['node', '/state/app/dist/cli/main.js', 'worker', '--log-level', 'info']);
    expect(worker?.env).toMatchObject({
      GLEANER_HOME: '/state/volumes/gleaner',
      TEMPORAL_ADDRESS: '127.0.0.1:27233',
      SCRAPELLM_BASE_URL: 'http://127.0.0.1:28818',
    });
  });

  it('listens for posted results on a port of this machine, in one process more', () => {
    const listening = planService(compose, 'webhook-worker', machine);
    expect(listening).toHaveLength(1);
    expect(listening[0]?.env).toMatchObject({
      GLEANER_WEBHOOK_PORT: '28809',
      GLEANER_WEBHOOK_SECRET_FILE: '/state/secrets/webhook_secret',
    });
    expect(inOrder(compose, ['worker'])).not.toContain('webhook-worker');
  });

  it('opens nothing to other machines', () => {
    const plans = names.flatMap((name) => planService(compose, name, machine));
    expect(
      plans.filter(({ argv, env }) =>
        [...argv, ...Object.values(env)].some((text) => text.includes('0.0.0.0')),
      ),
    ).toEqual([]);
  });

  it('starts each service after everything that it waits for, and nothing else', () => {
    expect(inOrder(compose, ['simulated-worker', 'ui'])).toEqual([
      'postgres',
      'schema',
      'temporal',
      'namespace',
      'simulator',
      'simulated-worker',
      'ui',
    ]);
    expect(inOrder(compose, ['worker'])).not.toContain('simulator');
  });

  it('refuses services that wait for each other', () => {
    const circle = structuredClone(compose);
    const { postgres } = circle.services;
    if (postgres) postgres.depends_on = { temporal: { condition: 'service_healthy' } };
    expect(() => inOrder(circle, ['ui'])).toThrow(/postgres -> temporal/);
  });

  it('runs as many workers as asked for, one of everything else, and jobs to their end', () => {
    const plans = names.flatMap((name) => planService(compose, name, machine));
    expect(plans.filter(({ service }) => service === 'worker').map(({ name }) => name)).toEqual([
      'worker-1',
      'worker-2',
    ]);
    expect(plans.filter(({ service }) => service === 'simulator')).toHaveLength(1);
    expect(plans.filter(({ job }) => job).map(({ name }) => name)).toEqual(['schema', 'namespace']);
  });

  it('gives every process the time that the compose file gives its container', () => {
    expect(['worker', 'postgres', 'ui'].map(graceOf)).toEqual([60_000, 60_000, 10_000]);
  });
});

const PLACES = new Set(['SQL_HOST', 'POSTGRES_SEEDS', 'BIND_ON_IP']);

function isPlace([name, value]: [string, string]): boolean {
  return value.startsWith('/') || /^[a-z]+:\d+$/.test(value) || PLACES.has(name);
}

function graceOf(name: string): number | undefined {
  return planService(compose, name, machine)[0]?.graceMs;
}
