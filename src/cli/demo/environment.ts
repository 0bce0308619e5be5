import { basename, join } from 'node:path';
import { readConfig } from '../../config/read-config.ts';
import { CliError } from '../exit-codes.ts';

/** Answers that take 17 s in life take 3.4 s: long enough to be killed among, short enough to watch. */
const SPEED = '5';
const FOLDER = 'demo';
/** What would make a simulated run buy from the real provider, or write into a real store. */
const REAL = ['SCRAPELLM_API_KEY', 'SCRAPELLM_API_KEY_FILE', 'SCRAPELLM_BASE_URL'];

/**
 * The environment of everything that the demo starts: a home of its own below the usual one, so that it touches no other
 * scrapes, and, unless `live`, no provider key. Throws `CliError` if `live` has no key.
 */
export function demoEnvironment(env: NodeJS.ProcessEnv, cwd: string, live: boolean): NodeJS.ProcessEnv {
  const set = without(env, ['GLEANER_STORE', 'GLEANER_CONFIG', ...(live ? [] : REAL)]);
  const { home } = readConfig(without(set, REAL), cwd);
  const demoHome = basename(home) === FOLDER ? home : join(home, FOLDER);
  const own = { ...set, GLEANER_HOME: demoHome };
  if (!live) return { ...own, GLEANER_SIMULATOR_SPEED: set['GLEANER_SIMULATOR_SPEED']?.trim() || SPEED };
  if (readConfig(own, cwd).simulated) {
    throw new CliError('--live buys with your key: set SCRAPELLM_API_KEY (or SCRAPELLM_API_KEY_FILE)');
  }
  return own;
}

function without(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}
