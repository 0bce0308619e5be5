import { basename, join } from 'node:path';
import { readConfig } from '../../config/read-config.ts';
import type { Server } from '../../dev-server/ensure-server.ts';
import { CliError } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { quote, shortPath } from './next-commands.ts';

/** Answers that take 17 s in life take 3.4 s: long enough to be killed among, short enough to watch. */
const SPEED = '5';
const FOLDER = 'demo';
/** What would make a simulated run buy from the real provider, or write into a real store. */
const REAL = [
  'SCRAPELLM_API_KEY',
  'SCRAPELLM_API_KEY_FILE',
  'SCRAPELLM_BASE_URL',
  'DATAFORSEO_LOGIN',
  'DATAFORSEO_LOGIN_FILE',
  'DATAFORSEO_PASSWORD',
  'DATAFORSEO_PASSWORD_FILE',
  'DATAFORSEO_BASE_URL',
];
const OTHERS = ['GLEANER_STORE', 'GLEANER_CONFIG'];

/**
 * The environment of everything that the demo starts: a home of its own below the usual one, so that it touches no other
 * scrapes, and, unless `live`, no provider key. Throws `CliError` if `live` has no key.
 */
export function demoEnvironment(env: NodeJS.ProcessEnv, cwd: string, live: boolean): NodeJS.ProcessEnv {
  const set = without(env, live ? OTHERS : [...OTHERS, ...REAL]);
  const { home } = readConfig(without(set, REAL), cwd);
  const demoHome = basename(home) === FOLDER ? home : join(home, FOLDER);
  const own = { ...set, GLEANER_HOME: demoHome };
  if (!live) return { ...own, GLEANER_SIMULATOR_SPEED: set['GLEANER_SIMULATOR_SPEED']?.trim() || SPEED };
  if (
    !readConfig(own, cwd).accounts.some(({ provider, simulated }) => provider === 'scrapellm' && !simulated)
  ) {
    throw new CliError('--live buys with your key: set SCRAPELLM_API_KEY (or SCRAPELLM_API_KEY_FILE)');
  }
  return own;
}

/**
 * What a shell with the environment `shell` has to set to reach the demo: `GLEANER_HOME=…`, and whatever else differs. A
 * key that is set there has to be blank, or the simulated scrapes would not be found.
 */
export function shellSettings(
  shell: NodeJS.ProcessEnv,
  demo: Pick<Terminal, 'env' | 'cwd'>,
  server: Pick<Server, 'origin' | 'namespace'>,
): string {
  const blank = [...REAL, ...OTHERS].filter((name) => shell[name]?.trim() && demo.env[name] === undefined);
  const speed = demo.env['GLEANER_SIMULATOR_SPEED'];
  const own = {
    GLEANER_HOME: shortPath(demo.env['GLEANER_HOME'] ?? '', demo.cwd),
    ...(speed !== undefined &&
      speed !== shell['GLEANER_SIMULATOR_SPEED'] && { GLEANER_SIMULATOR_SPEED: speed }),
    ...(server.origin === 'environment' && { TEMPORAL_NAMESPACE: server.namespace }),
    ...Object.fromEntries(blank.map((name) => [name, ''])),
  };
  return Object.entries(own)
    .map(([name, value]) => `${name}=${value === '' ? '' : quote(value)}`)
    .join(' ');
}

function without(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}
