import type { Connection } from '@temporalio/client';
import { findServer, type KnownServer } from '../client/find-server.ts';
import { knowsSearchAttributes } from '../client/search-attributes.ts';
import { connectTo, toTemporal, type Temporal } from '../client/temporal.ts';
import { countWorkers } from '../client/why-waiting.ts';
import type { Config } from '../config/config.ts';
import { SEARCH_ATTRIBUTES } from '../contracts/messages.ts';
import { ensureSearchAttributes } from '../dev-server/register-search-attributes.ts';
import { createHttp } from '../providers/http.ts';
import { PROVIDERS_BY_NAME } from '../providers/registry.ts';
import { BLOCKED_FIX, checkBlocked } from './doctor-blocked.ts';
import { checkBound } from './doctor-binding.ts';
import { checkWebhooks } from './doctor-webhooks.ts';
import { messageOf, type AddFinding } from './finding.ts';
import { namesSimulator, readSimulatorRecord } from './simulator-record.ts';

const PROVIDER_TIMEOUT_MS = 10_000;

/** What runs: server, worker, provider. Only free calls; with `fix` search attributes are registered. */
export async function checkRunning(config: Config, add: AddFinding, fix: boolean): Promise<void> {
  await checkServer(config, add, fix);
  if (config.simulated) checkSimulator(config, add);
  await checkProviders(config, add);
  await checkWebhooks(config, add);
}

async function checkServer(config: Config, add: AddFinding, fix: boolean): Promise<void> {
  let server: KnownServer;
  let connection: Connection;
  try {
    server = await findServer(config);
    connection = await connectTo(server);
  } catch (error) {
    add({ level: 'fail', what: 'Temporal server', detail: messageOf(error), fix: 'run "gleaner up"' });
    return;
  }
  add({ level: 'ok', what: 'Temporal server', detail: `${server.address} (${server.source})` });
  try {
    const { namespace } = server;
    await connection.workflowService.describeNamespace({ namespace });
    add({ level: 'ok', what: 'namespace', detail: namespace });
    const temporal = toTemporal(connection, server, config.taskQueue);
    await checkAttributes(temporal, connection, add, fix);
    await checkBound(config, temporal, add);
    await checkWorkers(temporal, add);
    await checkBlocked(temporal, add);
  } catch (error) {
    const create = `create it: temporal operator namespace create --namespace ${server.namespace} --address ${server.address}`;
    add({
      level: 'fail',
      what: 'namespace',
      detail: `${server.namespace}: ${messageOf(error)}`,
      fix: create,
    });
  } finally {
    await connection.close();
  }
}

async function checkAttributes(
  temporal: Temporal,
  connection: Connection,
  add: AddFinding,
  fix: boolean,
): Promise<void> {
  const what = 'search attributes';
  if (await knowsSearchAttributes(temporal)) {
    add({ level: 'ok', what, detail: SEARCH_ATTRIBUTES.join(', ') });
    return;
  }
  if (!fix) {
    const detail = 'some are missing: runs cannot be listed by scraper, batch, account or label';
    add({ level: 'warn', what, detail, fix: 'gleaner doctor --fix' });
    return;
  }
  const { registered, missing, reason } = await ensureSearchAttributes(connection, temporal.namespace);
  if (missing.length === 0) add({ level: 'ok', what, detail: `registered ${registered.join(', ')}` });
  else add({ level: 'warn', what, detail: `${missing.join(', ')} cannot be registered: ${reason}` });
}

async function checkWorkers(temporal: Temporal, add: AddFinding): Promise<void> {
  const count = await countWorkers(temporal);
  const detail = `${count} on the task queue "${temporal.taskQueue}"`;
  if (count > 0) add({ level: 'ok', what: 'worker', detail });
  else
    add({
      level: 'warn',
      what: 'worker',
      detail: `none polls "${temporal.taskQueue}"`,
      fix: 'run "gleaner up" or "gleaner worker"',
    });
}

function checkSimulator(config: Config, add: AddFinding): void {
  const record = readSimulatorRecord(config.stateFolder);
  const what = 'simulator';
  if (record) add({ level: 'ok', what, detail: `${record.url}, ${record.speed} times as fast as life` });
  else if (namesSimulator(config)) {
    add({ level: 'ok', what, detail: `${config.accounts[0]?.baseUrl} (SCRAPELLM_BASE_URL)` });
  } else add({ level: 'warn', what, detail: 'not running', fix: 'run "gleaner up"' });
}

const PROBE_LEVELS = { ok: 'ok', blocked: 'fail', unclear: 'warn' } as const;

/** One free call an account. */
async function checkProviders(config: Config, add: AddFinding): Promise<void> {
  const http = createHttp();
  for (const account of config.accounts) {
    const what = 'provider';
    const name = `${account.provider}/${account.name}`;
    const provider = PROVIDERS_BY_NAME[account.provider];
    const outcome = await http.send(provider.probeRequest(account), {
      timeoutMs: PROVIDER_TIMEOUT_MS,
      fresh: true,
    });
    if (outcome.kind !== 'reply') {
      const fix = config.simulated
        ? 'run "gleaner up"'
        : `look at the network, and whether ${account.baseUrl} is right`;
      add({ level: config.simulated ? 'warn' : 'fail', what, detail: `${name}: ${outcome.message}`, fix });
      continue;
    }
    const answer = provider.readProbe(outcome.reply);
    add({
      level: PROBE_LEVELS[answer.kind],
      what,
      detail: `${name}: ${account.baseUrl} ${answer.message}`,
      ...(answer.kind === 'blocked' && { fix: BLOCKED_FIX }),
    });
  }
  await http.close();
}
