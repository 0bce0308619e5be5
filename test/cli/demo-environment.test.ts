import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { demoEnvironment, shellSettings } from '../../src/cli/demo/environment.ts';
import { readConfig } from '../../src/config/read-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'gleaner-demo-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const REAL = {
  GLEANER_HOME: folder,
  GLEANER_STORE: join(folder, 'real-store'),
  SCRAPELLM_API_KEY: 'sk-real',
  SCRAPELLM_BASE_URL: 'https://api.scrapellm.com',
};

it('buys from the simulator into a home of its own, whatever keys and stores are set', () => {
  const config = readConfig(demoEnvironment(REAL, folder, false), folder);
  expect(config.simulated).toBe(true);
  expect(config.home).toBe(join(folder, 'demo'));
  expect(config.store).toBe(join(folder, 'demo', 'simulator', 'store'));
  expect(config.simulatorSpeed).toBe(5);
  expect(JSON.stringify(config)).not.toContain('sk-real');
});

it('keeps the key with --live, and still a home and a store of its own', () => {
  const config = readConfig(demoEnvironment(REAL, folder, true), folder);
  expect(config.simulated).toBe(false);
  expect(config.store).toBe(join(folder, 'demo', 'store'));
});

it('refuses --live without a key', () => {
  expect(() => demoEnvironment({ GLEANER_HOME: folder }, folder, true)).toThrow(/SCRAPELLM_API_KEY/);
});

it("stays in the demo's home when the shell was pointed to it already", () => {
  const env = demoEnvironment({ GLEANER_HOME: join(folder, 'demo') }, folder, false);
  expect(env['GLEANER_HOME']).toBe(join(folder, 'demo'));
});

it('lets the speed be chosen', () => {
  const env = demoEnvironment({ GLEANER_HOME: folder, GLEANER_SIMULATOR_SPEED: '20' }, folder, false);
  expect(readConfig(env, folder).simulatorSpeed).toBe(20);
});

it('tells a shell what to set to find the demo: keys blank, odd folders quoted', () => {
  const env = { ...REAL, GLEANER_HOME: join(folder, "it's") };
  const demo = { env: demoEnvironment(env, folder, false), cwd: folder };
  const settings = shellSettings(env, demo, { origin: 'started', namespace: 'default' });
  expect(settings).toBe(
    String.raw`GLEANER_HOME='it'\''s/demo' GLEANER_SIMULATOR_SPEED=5 SCRAPELLM_API_KEY= SCRAPELLM_BASE_URL= GLEANER_STORE=`,
  );
});

it('names the namespace of the demo where the server is not its own', () => {
  const demo = { env: demoEnvironment({ GLEANER_HOME: folder }, folder, false), cwd: folder };
  expect(shellSettings({}, demo, { origin: 'environment', namespace: 'gleaner-demo' })).toBe(
    'GLEANER_HOME=demo GLEANER_SIMULATOR_SPEED=5 TEMPORAL_NAMESPACE=gleaner-demo',
  );
});
