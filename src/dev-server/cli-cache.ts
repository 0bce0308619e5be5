import { chmod, mkdir, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/** The Temporal CLI that we fetch when the machine has none; server 1.32.0, the one that all measurements were made on. */
export const CLI_VERSION = '1.9.1';

/** Where fetched programs are kept, shared by all projects of a user: `$XDG_CACHE_HOME/gleaner` or `~/.cache/gleaner`. */
export function defaultCacheFolder(env: NodeJS.ProcessEnv): string {
  const xdg = env['XDG_CACHE_HOME'];
  // The XDG specification says to ignore relative paths.
  const base = xdg && isAbsolute(xdg) ? xdg : join(env['HOME'] || homedir(), '.cache');
  return join(base, 'gleaner');
}

/** Where our own copy of the CLI is, if it was fetched before. */
export function cachedCliPath(cacheFolder: string): string {
  return join(cacheFolder, `temporal-cli-${CLI_VERSION}`, 'temporal');
}

/**
 * Moves a fetched binary to its place in the cache and returns that. The rename is atomic, so another process never
 * runs half a file, and two that fetch at once both succeed. `binary` must be on the cache's file system.
 */
export async function moveIntoCache(binary: string, cacheFolder: string): Promise<string> {
  const target = cachedCliPath(cacheFolder);
  await mkdir(dirname(target), { recursive: true });
  await chmod(binary, 0o755);
  await rename(binary, target);
  return target;
}
