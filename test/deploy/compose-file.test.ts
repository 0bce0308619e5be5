import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readCompose } from '../../scripts/topology/compose-file.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { SEARCH_ATTRIBUTES } from '../../src/contracts/messages.ts';
import { serverArguments } from '../../src/dev-server/server-arguments.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const text = read('docker-compose.yml');
const compose = await readCompose(fileURLToPath(new URL('../../docker-compose.yml', import.meta.url)), {});
const services = Object.entries(compose.services);
const { version } = JSON.parse(read('package.json')) as { version: string };
const dockerfile = read('Dockerfile');

const images = [
  ...services.map(([name, { image }]) => [name, image]),
  ['Dockerfile', /^ARG NODE_IMAGE=(?<image>\S+)$/m.exec(dockerfile)?.groups?.['image'] ?? ''],
];
const SECONDS = /(?<seconds>\d+) ?s/;
const seconds = (duration: string): number => Number(SECONDS.exec(duration)?.groups?.['seconds']);

describe('docker-compose.yml', () => {
  it.each(images)('pins the image of %s to one release: %s', (_, image) => {
    expect(image).toMatch(/^[a-z/-]+:\d+\.\d+(\.\d+)?(-bookworm(-slim)?)?$/);
  });

  it('runs our own image in the version of package.json', () => {
    const ours = services.filter(([, { build }]) => build !== undefined);
    expect(ours.map(([name]) => name)).toEqual(['worker', 'webhook-worker', 'simulator', 'simulated-worker']);
    expect(new Set(ours.map(([, { image }]) => image))).toEqual(new Set([`gleaner:${version}`]));
  });

  it('has one release of Temporal for the server and the tools that make its tables', () => {
    const [server, ...tools] = ['temporal', 'schema', 'namespace'].map(tagOf);
    expect(tools).toEqual([server, server]);
  });

  it('publishes the server, the UI and the port for posted results, on this machine only', () => {
    const published = services.filter(([, { ports }]) => ports.length > 0);
    expect(published.map(([name]) => name)).toEqual(['temporal', 'ui', 'webhook-worker']);
    for (const [, { ports }] of published) {
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    }
  });

  it('lets a worker finish its calls before it is killed', () => {
    const grace = seconds(
      /shutdownGraceTime: '(?<time>[^']+)'/.exec(read('src/worker/create-workers.ts'))?.[1] ?? '',
    );
    expect(grace).toBeGreaterThan(0);
    for (const name of ['worker', 'webhook-worker', 'simulated-worker']) {
      expect(seconds(compose.services[name]?.stop_grace_period ?? '')).toBeGreaterThan(grace);
    }
  });

  it('holds no secret: every password and key is the name of a file', () => {
    const variables = services.flatMap(([, { environment }]) => Object.entries(environment));
    const secret = variables.filter(([name]) => /KEY|PASSWORD|PWD|SECRET|TOKEN/.test(name));
    expect(secret.length).toBeGreaterThan(0);
    expect(
      secret.filter(([name, path]) => !name.endsWith('_FILE') || !path.startsWith('/run/secrets/')),
    ).toEqual([]);
  });

  it('gives each container the secrets that it reads, and no others', () => {
    for (const [name, { environment, secrets }] of services) {
      const read = Object.values(environment).flatMap(
        (value) => /^\/run\/secrets\/(.+)$/.exec(value)?.[1] ?? [],
      );
      expect([name, read]).toEqual([name, secrets]);
    }
  });

  it('names secrets, volumes and services that exist', () => {
    for (const [, service] of services) {
      expect(Object.keys(compose.secrets)).toEqual(expect.arrayContaining(service.secrets));
      expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(Object.keys(service.depends_on)));
      const sources = service.volumes.map((volume) => volume.split(':')[0] ?? '');
      const files = sources.filter((source) => source.startsWith('./'));
      expect(files.filter((file) => !existsSync(new URL(`../../${file}`, import.meta.url)))).toEqual([]);
      const volumes = sources.filter((source) => !files.includes(source));
      expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining(volumes));
    }
  });

  it('has one worker that listens for posted results, and all others buy with the same address and secret', () => {
    const { worker, 'webhook-worker': listening } = compose.services;
    const { GLEANER_WEBHOOK_PORT: port, ...environment } = listening?.environment ?? {};
    expect(environment).toEqual(worker?.environment);
    expect(listening?.secrets).toEqual(worker?.secrets);
    expect(Object.keys(environment)).toEqual(
      expect.arrayContaining(['GLEANER_WEBHOOK_URL', 'GLEANER_WEBHOOK_SECRET_FILE']),
    );
    const listeners = services.filter(([, { command }]) => command.includes('--webhooks'));
    expect(listeners.map(([name]) => name)).toEqual(['webhook-worker']);
    expect(listening).toMatchObject({ profiles: ['webhooks'], ports: [`127.0.0.1:8809:${port}`] });
    // Two containers cannot publish the same port.
    expect(services.filter(([, { deploy, ports }]) => deploy && ports.length > 0)).toEqual([]);
  });

  it('starts a worker of a team with one provider, and one without an address', () => {
    const { worker } = compose.services;
    const files = {
      kind: (path: string) =>
        path.startsWith('/run/secrets/')
          ? ('file' as const)
          : path === worker?.environment['GLEANER_HOME']
            ? ('folder' as const)
            : ('none' as const),
      usable: () => true,
      readText: (path: string) => (path.includes('dataforseo') ? 'a-word' : '\n'),
    };
    const config = readConfig(worker?.environment ?? {}, '/', files);
    expect(config.accounts.map(({ provider }) => provider)).toEqual(['dataforseo']);
    expect(config).not.toHaveProperty('webhookUrl');
  });

  it('keeps simulated scrapes apart from real ones: no key, another namespace, only with its profile', () => {
    const { worker, simulator, 'simulated-worker': simulated } = compose.services;
    expect([simulator?.profiles, simulated?.profiles, worker?.profiles]).toEqual([
      ['simulator'],
      ['simulator'],
      [],
    ]);
    expect(simulated?.environment['SCRAPELLM_API_KEY_FILE']).toBeUndefined();
    expect(simulated?.environment['TEMPORAL_NAMESPACE']).not.toBe(worker?.environment['TEMPORAL_NAMESPACE']);
  });

  it('makes the namespaces that workers use, and the search attributes of the code', () => {
    const { NAMESPACES = '', SEARCH_ATTRIBUTES: attributes = '' } =
      compose.services['namespace']?.environment ?? {};
    const used = services.flatMap(([, { environment }]) => environment['TEMPORAL_NAMESPACE'] ?? []);
    expect(NAMESPACES.split(' ').toSorted()).toEqual([...new Set(used)].toSorted());
    expect(attributes.split(' ')).toEqual([...SEARCH_ATTRIBUTES]);
  });

  it('fills in the variables of the environment', async () => {
    const path = fileURLToPath(new URL('../../docker-compose.yml', import.meta.url));
    const other = await readCompose(path, {
      GLEANER_WORKERS: '3',
      GLEANER_UI_PORT: '9000',
      GLEANER_SECRETS: '/x',
      GLEANER_WEBHOOK_URL: 'https://gleaner.example.com',
      GLEANER_WEBHOOK_PORT: '9001',
    });
    expect(other.services['worker']?.environment['GLEANER_WEBHOOK_URL']).toBe('https://gleaner.example.com');
    expect(other.services['webhook-worker']?.ports).toEqual(['127.0.0.1:9001:8809']);
    expect(other.services['worker']?.deploy?.replicas).toBe(3);
    expect(other.services['worker']?.environment['GLEANER_WORKERS']).toBe('3');
    const more = await readCompose(path, { GLEANER_WORKERS: '3', GLEANER_PROCESSES: '4' });
    expect(more.services['webhook-worker']?.environment['GLEANER_WORKERS']).toBe('4');
    expect(more.services['worker']?.deploy?.replicas).toBe(3);
    expect(other.services['ui']?.ports).toEqual(['127.0.0.1:9000:8080']);
    expect(other.secrets['postgres_password']?.file).toBe('/x/postgres_password');
  });

  it('uses no form of variable that the native start does not know', () => {
    const all = text.match(/\$\{[^}]*\}?|\$\$?\w+/g) ?? [];
    expect(all.filter((one) => !/^\$\{\w+:-[^}]*\}$/.test(one))).toEqual([]);
  });
});

describe('deploy/dynamic-config.yaml', () => {
  it('says what the dev server is told, so that both behave the same', () => {
    const file = parse(read('deploy/dynamic-config.yaml')) as Record<string, [{ value: unknown }]>;
    const deployed = Object.entries(file).map(([name, [{ value }]]) => `${name}=${String(value)}`);
    const flags = serverArguments({ database: 'x', port: 1, uiPort: 2, namespace: 'x' });
    const dev = flags.filter((_, index) => flags[index - 1] === '--dynamic-config-value');
    expect(deployed.toSorted()).toEqual(dev.toSorted());
  });
});

describe('Dockerfile', () => {
  it('runs as a user without rights, on Debian', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    expect(last).toMatch(/^USER node$/m);
    expect(dockerfile).not.toMatch(/alpine/i);
  });

  it('copies only what .dockerignore lets through', () => {
    const allowed = read('.dockerignore').match(/(?<=^!).+$/gm) ?? [];
    const copied =
      dockerfile.match(/^COPY (?!--from)(.+) \S+$/gm)?.flatMap((line) => line.split(' ').slice(1, -1)) ?? [];
    expect(copied.length).toBeGreaterThan(0);
    for (const path of copied)
      expect(allowed.some((one) => one === path || one.startsWith(`${path}/`))).toBe(true);
    expect(allowed.filter((path) => !existsSync(new URL(`../../${path}`, import.meta.url)))).toEqual([]);
  });
});

function tagOf(service: string): string | undefined {
  return compose.services[service]?.image.split(':')[1];
}
