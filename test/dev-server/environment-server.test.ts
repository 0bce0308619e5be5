import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  checkReachable,
  environmentNamespace,
  environmentServer,
} from '../../src/dev-server/environment-server.ts';
import { temporaryFolder } from './fakes.ts';

/** HOME and XDG_CONFIG_HOME point to a folder of the test, so a developer's own profiles are not seen. */
function environment(env: NodeJS.ProcessEnv, toml?: string): NodeJS.ProcessEnv {
  const folder = temporaryFolder();
  const file = join(folder, 'temporal.toml');
  if (toml !== undefined) writeFileSync(file, toml);
  return {
    HOME: folder,
    XDG_CONFIG_HOME: folder,
    ...(toml === undefined ? {} : { TEMPORAL_CONFIG_FILE: file }),
    ...env,
  };
}

const PROFILES = `
[profile.default]
namespace = "of-default"
[profile.cloud]
address = "cloud.example:7233"
namespace = "acme.prod"
api_key = "k"
`;

test('names no server when neither variable nor profile gives an address', () => {
  expect(environmentServer(environment({}))).toBeUndefined();
  expect(environmentServer(environment({ TEMPORAL_ADDRESS: '  ' }))).toBeUndefined();
  expect(environmentServer(environment({}, PROFILES))).toBeUndefined();
});

test('takes TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE', () => {
  const env = environment({ TEMPORAL_ADDRESS: 'temporal:7233', TEMPORAL_NAMESPACE: 'scrapes' });
  expect(environmentServer(env)).toMatchObject({
    address: 'temporal:7233',
    namespace: 'scrapes',
    source: 'TEMPORAL_ADDRESS',
  });
});

test('takes the profile of TEMPORAL_PROFILE with its credentials', () => {
  const server = environmentServer(environment({ TEMPORAL_PROFILE: 'cloud' }, PROFILES));
  expect(server).toMatchObject({ address: 'cloud.example:7233', namespace: 'acme.prod' });
  expect(server?.connection).toMatchObject({ apiKey: 'k', tls: true });
  expect(server?.source).toMatch(/^profile "cloud" of .*temporal\.toml$/);
});

test('gives the namespace for our own server from a profile without address', () => {
  expect(environmentNamespace(environment({}, PROFILES))).toBe('of-default');
  expect(environmentNamespace(environment({}))).toBe('default');
});

test('says which profile is not there', () => {
  const env = environment({ TEMPORAL_PROFILE: 'cluod' }, PROFILES);
  expect(() => environmentServer(env)).toThrow(/profile "cluod" of .*temporal\.toml.*not found/);
});

test('names address and origin when the server does not answer', async () => {
  const server = environmentServer(environment({ TEMPORAL_ADDRESS: '127.0.0.1:9' }));
  if (!server) throw new Error('no server');
  await expect(checkReachable(server, 300)).rejects.toMatchObject({
    kind: 'unreachable',
    message: expect.stringContaining('127.0.0.1:9 (set by TEMPORAL_ADDRESS)') as string,
  });
});
