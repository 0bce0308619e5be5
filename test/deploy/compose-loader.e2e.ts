import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readCompose } from '../../scripts/topology/compose-file.ts';
import { goProgram } from '../../scripts/topology/programs.ts';
import { defaultCacheFolder } from '../../src/dev-server/cli-cache.ts';

/** What Docker Compose reads files with; it checks them against the Compose Specification. */
const LOADER = {
  module: 'github.com/compose-spec/compose-go/v2',
  package: 'cmd',
  name: 'compose-loader',
  folder: 'compose-loader',
};
const LOADER_VERSION = '2.16.2';
const FILE = fileURLToPath(new URL('../../docker-compose.yml', import.meta.url));

interface Loaded {
  image: string;
  command?: string[];
  environment?: Record<string, string>;
  secrets?: Array<{ source: string }>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  stop_grace_period?: string;
}

describe('docker-compose.yml as Docker Compose reads it', () => {
  it('is valid, and says what the native start takes it to say', async () => {
    const loader = await goProgram(LOADER, LOADER_VERSION, defaultCacheFolder(process.env), console.log);
    const { stdout } = await promisify(execFile)(loader, ['-format', 'json', FILE], {
      env: { ...process.env, COMPOSE_PROFILES: '*' },
    });
    const { services } = JSON.parse(stdout) as { services: Record<string, Loaded> };
    const ours = await readCompose(FILE, {});
    expect(Object.keys(services).toSorted()).toEqual(Object.keys(ours.services).toSorted());
    for (const [name, service] of Object.entries(ours.services)) {
      const theirs = services[name];
      const conditions = Object.entries(theirs?.depends_on ?? {}).map(([on, { condition }]) => [
        on,
        condition,
      ]);
      expect({
        image: theirs?.image,
        command: theirs?.command ?? [],
        environment: theirs?.environment ?? {},
        secrets: theirs?.secrets?.map(({ source }) => source) ?? [],
        conditions: Object.fromEntries(conditions),
        healthcheck: theirs?.healthcheck?.test,
        grace: theirs?.stop_grace_period ?? '10s',
      }).toEqual({
        image: service.image,
        command: service.command,
        environment: service.environment,
        secrets: service.secrets,
        conditions: Object.fromEntries(
          Object.entries(service.depends_on).map(([on, { condition }]) => [on, condition]),
        ),
        healthcheck: service.healthcheck?.test,
        grace: service.stop_grace_period,
      });
    }
  });
});
