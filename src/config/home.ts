import { dirname, join, resolve } from 'node:path';
import type { Problem } from '../contracts/schemas/problems.ts';
import { ConfigError } from './config-error.ts';
import type { ConfigFiles } from './config-files.ts';

const HOME_FOLDER = '.gleaner';

/**
 * The folder of this project's state: `GLEANER_HOME`, else the nearest `.gleaner` upwards as git finds its own, else
 * `.gleaner` here. Makes nothing; throws `ConfigError` if it could not be used.
 */
export function findHome(explicit: string | undefined, cwd: string, files: ConfigFiles): string {
  const home = explicit === undefined ? nearestHome(cwd, files) : resolve(cwd, explicit);
  const problem = homeProblem(home, files);
  if (problem === undefined) return home;
  const field = explicit === undefined ? 'home' : 'GLEANER_HOME';
  throw new ConfigError([{ field, message: problem } satisfies Problem]);
}

function nearestHome(cwd: string, files: ConfigFiles): string {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const candidate = join(folder, HOME_FOLDER);
    if (files.kind(candidate) !== 'none') return candidate;
    if (folder === dirname(folder)) return join(resolve(cwd), HOME_FOLDER);
  }
}

/** A home that is not there yet is fine if it can be made: its nearest existing parent has to be a writable folder. */
function homeProblem(home: string, files: ConfigFiles): string | undefined {
  let path = home;
  while (files.kind(path) === 'none' && path !== dirname(path)) path = dirname(path);
  const other = 'or set GLEANER_HOME to a folder of yours';
  if (files.kind(path) === 'file') {
    return `${path} is a file, but a folder is needed there; move it away ${other}`;
  }
  if (files.usable(path)) return undefined;
  return path === home
    ? `${home} cannot be read and written by this user; give it the rights (chmod u+rwx) ${other}`
    : `${home} cannot be made, because ${path} is not writable by this user; make it yourself ${other}`;
}
