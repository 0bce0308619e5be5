import { access, constants } from 'node:fs/promises';
import { basename, delimiter, dirname, join, relative, resolve } from 'node:path';
import { defaultCacheFolder } from '../../dev-server/cli-cache.ts';
import { findTemporalCli } from '../../dev-server/find-cli.ts';

/** What the commands of the last screen are made of. */
export interface CommandParts {
  /** How this Gleaner is called here, such as `npx gleaner`. */
  gleaner: string;
  /** How the Temporal CLI is called here. */
  temporal: string;
  /** Of `shellSettings`. */
  settings: string;
  batchId: string;
  address: string;
  namespace: string;
  taskQueue: string;
}

/** Commands to go on with in another terminal, each fit to be pasted. */
export function nextCommands(parts: CommandParts): string[] {
  const { gleaner, temporal, settings, batchId, address, namespace, taskQueue } = parts;
  const where = `--address ${address}${namespace === 'default' ? '' : ` --namespace ${namespace}`}`;
  return [
    `export ${settings}`,
    `${gleaner} status ${batchId}`,
    `${gleaner} results ${batchId} --format csv > results.csv`,
    `${temporal} workflow list ${where} --query "BatchId = '${batchId}'"`,
    `${temporal} workflow start ${where} --type scrapeWorkflow --task-queue ${taskQueue} --input '{"scraper": "scrapellm/chatgpt", "prompt": "Which desk lamp lasts longest?"}'`,
  ];
}

/** The list of this batch's scrapes in the Temporal UI, filtered. */
export function filteredListLink(uiUrl: string, namespace: string, batchId: string): string {
  const query = encodeURIComponent(`BatchId="${batchId}"`);
  return `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows?query=${query}`;
}

/** How the command that runs now can be called again from this folder. */
export function gleanerCommand(cwd: string, argv: readonly string[]): string {
  const entry = argv[1] ?? '';
  if (basename(entry) === 'gleaner') return dirname(entry).endsWith('.bin') ? 'npx gleaner' : 'gleaner';
  return ['node', ...process.execArgv, shortPath(resolve(cwd, entry), cwd)].map(quote).join(' ');
}

/** `temporal` if the shell finds it, else the path of the one that Gleaner uses. */
export async function temporalCommand(env: NodeJS.ProcessEnv): Promise<string> {
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    const found = await access(join(folder, 'temporal'), constants.X_OK).then(
      () => folder !== '',
      () => false,
    );
    if (found) return 'temporal';
  }
  const cli = await findTemporalCli({
    env,
    cacheFolder: defaultCacheFolder(env),
    log: () => undefined,
  }).catch(() => undefined);
  return cli ? quote(cli.path) : 'temporal';
}

/** Relative if it is below `cwd`. */
export function shortPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === '' || short.startsWith('..') ? path : short;
}

/** For the shell. */
export function quote(text: string): string {
  return /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
