import { accessSync, constants, existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { formatProblems } from '../contracts/schemas/problems.ts';
import type { Attempt } from '../dev-server/attempt.ts';
import { defaultCacheFolder } from '../dev-server/cli-cache.ts';
import { DevServerError } from '../dev-server/dev-server-error.ts';
import { findTemporalCli } from '../dev-server/find-cli.ts';
import { openFileStore } from '../store/open-store.ts';
import { messageOf, type AddFinding } from './finding.ts';
import { loadConfig, printHeader } from './session.ts';
import { TERMINAL } from './terminal.ts';

/** The SDK's own floor is 20.3; this is what the package states and tests. */
const MIN_NODE = [20, 19] as const;

/** What can be told without anything running; undefined if the configuration cannot be read. */
export async function checkSetup(add: AddFinding): Promise<Config | undefined> {
  checkNode(add);
  const config = readOrReport(add);
  if (!config) return undefined;
  checkHome(config, add);
  checkKeys(config, add);
  await checkStore(config, add);
  await checkCli(config, add);
  return config;
}

function checkNode(add: AddFinding): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const good = major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1]);
  const fix = `install Node ${MIN_NODE.join('.')} or newer`;
  add({ level: good ? 'ok' : 'fail', what: 'Node', detail: process.version, ...(!good && { fix }) });
}

function readOrReport(add: AddFinding): Config | undefined {
  try {
    const config = loadConfig();
    printHeader(config);
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of formatProblems(error.problems)) {
      add({ level: 'fail', what: 'configuration', detail: problem });
    }
    return undefined;
  }
}

/** A home that is found upwards, as git finds its own, may be another project's. */
function checkHome({ home }: Config, add: AddFinding): void {
  const { cwd, env } = TERMINAL;
  const here = join(cwd, basename(home));
  if (env['GLEANER_HOME']?.trim() || home === here) add({ level: 'ok', what: 'home', detail: home });
  else {
    const detail = `${home}, found upwards from ${cwd}`;
    const fix = `right if this belongs to that project; else: mkdir ${here}, or set GLEANER_HOME`;
    add({ level: 'warn', what: 'home', detail, fix });
  }
}

/** Names and endpoints; a key itself is shown nowhere. */
function checkKeys({ simulated, accounts }: Config, add: AddFinding): void {
  if (simulated) {
    add({
      level: 'warn',
      what: 'provider key',
      detail: 'none: the simulator serves, nothing is real',
      fix: 'set SCRAPELLM_API_KEY, or DATAFORSEO_LOGIN and DATAFORSEO_PASSWORD (or …_FILE), to buy real scrapes',
    });
    return;
  }
  for (const { provider, name, baseUrl } of accounts) {
    add({
      level: 'ok',
      what: 'provider key',
      detail: `${provider}/${name} is set (not shown), for ${baseUrl}`,
    });
  }
}

async function checkStore(config: Config, add: AddFinding): Promise<void> {
  if (!existsSync(config.store)) {
    add({ level: 'ok', what: 'store', detail: `${config.store} (not there yet; made at first use)` });
    return;
  }
  try {
    accessSync(config.store, constants.R_OK | constants.W_OK);
    const { owner, batches } = await openFileStore(config.store, { simulated: config.simulated });
    const kind = owner.simulated ? 'SIMULATED scrapes' : 'real scrapes';
    const count = (await batches.list()).length;
    const detail = `${config.store} (${kind}, ${count} batches, store ${owner.storeId.slice(0, 8)} since ${owner.createdAt.slice(0, 10)})`;
    add({ level: 'ok', what: 'store', detail });
  } catch (error) {
    add({ level: 'fail', what: 'store', detail: messageOf(error) });
  }
}

/** Only where a dev server of ours would be started. */
async function checkCli(config: Config, add: AddFinding): Promise<void> {
  if (config.temporalEnv['TEMPORAL_ADDRESS'] !== undefined) return;
  const env = TERMINAL.env;
  try {
    const cli = await findTemporalCli({ env, cacheFolder: defaultCacheFolder(env), log: TERMINAL.say });
    add({
      level: 'ok',
      what: 'Temporal CLI',
      detail: `${cli.path} (${cli.version})${triedBefore(cli.tried)}`,
    });
  } catch (error) {
    if (!(error instanceof DevServerError)) throw error;
    const fix =
      'install it (https://docs.temporal.io/cli#install), or set TEMPORAL_CLI_PATH or TEMPORAL_ADDRESS';
    add({ level: 'fail', what: 'Temporal CLI', detail: `none works${triedBefore(error.tried)}`, fix });
  }
}

function triedBefore(tried: readonly Attempt[]): string {
  return tried.map(({ way, ok, detail }) => (ok ? '' : `\ntried ${way}: ${detail}`)).join('');
}
