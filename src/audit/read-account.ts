import { tagInCallbackUrl } from '../contracts/callbacks.ts';
import { scrapersOf } from '../contracts/scrapers.ts';
import type { AccountFacts, PurchaseList } from '../ledger/audit-facts.ts';
import { CallTrouble } from '../lists/call-trouble.ts';
import { paceOf } from '../lists/pace.ts';
import type { Pace } from '../lists/pace.ts';
import { readPurchases } from '../lists/read-purchases.ts';
import { endpointOf } from '../providers/account.ts';
import type { Account } from '../providers/account.ts';
import type { HttpReply, HttpRequest, Provider, SearchProtocol } from '../providers/provider.ts';
import { PROVIDERS_BY_NAME } from '../providers/registry.ts';
import type { AuditWorld } from './audit-world.ts';

/** Calls a minute while a collector may be making up to 8 of the 10 that the provider allows. */
const BESIDE_COLLECTOR = 2;
const TIMEOUT_MS = 60_000;

/** What is asked of an account: its purchases of this time, milliseconds of our clock. */
export interface AskedTime {
  fromMs: number;
  toMs: number;
}

/** Asks an account for its balance, its purchases and what is ready. Free calls alone, below the provider's limits. */
export async function readAccount(
  world: AuditWorld,
  account: Account,
  time: AskedTime,
): Promise<AccountFacts> {
  const provider = PROVIDERS_BY_NAME[account.provider];
  const { search } = provider;
  const facts: AccountFacts = {
    provider: account.provider,
    account: account.name,
    endpoint: endpointOf(account),
    lists: [],
    readyTasks: new Set(),
  };
  if (!search) return facts;
  try {
    const probe = await ask(world, account, provider.probeRequest(account), (reply) =>
      provider.readProbe(reply),
    );
    const said = { ...facts, said: probe.message };
    if (probe.kind === 'blocked') world.say(`${account.provider}/${account.name} ${probe.message}`);
    const pace = paceBeside(world, account, search);
    const lists: PurchaseList[] = [];
    for (const family of familiesOf(provider, search)) {
      world.say(`${account.provider}/${account.name}: reading the list of purchases of ${family}`);
      lists.push(await readList(world, account, search, pace, { family, ...time }));
    }
    return { ...said, lists, readyTasks: await readReady(world, account, provider, time) };
  } catch (error) {
    if (!(error instanceof CallTrouble)) throw error;
    return { ...facts, trouble: error.message.replaceAll(account.secret, '[key]') };
  }
}

function familiesOf({ name }: Provider, search: SearchProtocol): string[] {
  return [...new Set(scrapersOf(name).map((scraper) => search.familyOf(scraper)))];
}

async function readList(
  world: AuditWorld,
  account: Account,
  search: SearchProtocol,
  pace: Pace,
  { family, fromMs, toMs }: AskedTime & { family: string },
): Promise<PurchaseList> {
  const window = { family, from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
  const read = await readPurchases(world.http, { account, search, pace, run: world.clock, window });
  return {
    family,
    fromMs: read.fromMs,
    toMs: read.toMs,
    complete: read.complete,
    rows: read.rows.map((row) => ({
      ...row,
      own: row.tag !== undefined && world.store.journal.isOwn(row.tag),
    })),
  };
}

/**
 * Tasks of this store that are listed as ready, or whose post to us failed. At most two calls in a family, and one of each
 * list of failed posts: collectors leave that much of the provider's limits.
 */
async function readReady(
  world: AuditWorld,
  account: Account,
  provider: Provider,
  { fromMs }: AskedTime,
): Promise<Set<string>> {
  const { journal } = world.store;
  const ready = new Set<string>();
  const { readyLists, webhooks, name } = provider;
  const scrapers = scrapersOf(name);
  for (const list of readyLists?.listsFor(scrapers) ?? []) {
    if (!readyLists) break;
    const request = readyLists.listRequest(list, account);
    const answer = await ask(world, account, request, (reply) => readyLists.readList(reply));
    if (answer.kind !== 'listed') throw new CallTrouble('refused', answer);
    for (const { taskId, tag } of answer.tasks) if (journal.isOwn(tag)) ready.add(taskId);
  }
  if (!webhooks) return ready;
  for (const family of new Set(scrapers.map((scraper) => webhooks.familyOf(scraper)))) {
    const request = webhooks.failedRequest(family, fromMs, account);
    const answer = await ask(world, account, request, (reply) => webhooks.readFailed(reply));
    if (answer.kind !== 'listed') throw new CallTrouble('refused', answer);
    for (const { taskId, url } of answer.calls)
      if (journal.isOwn(tagInCallbackUrl(url) ?? '')) ready.add(taskId);
  }
  return ready;
}

async function ask<T>(
  { http }: AuditWorld,
  account: Account,
  request: HttpRequest,
  read: (reply: HttpReply) => T,
): Promise<T> {
  const outcome = await http.send(request, { fresh: false, timeoutMs: TIMEOUT_MS });
  if (outcome.kind === 'reply') return read(outcome.reply);
  throw new CallTrouble('network', { message: `${account.provider}/${account.name}: ${outcome.message}` });
}

/** The searches of one account in one pace, which gives way to a collector: both together stay below the limit. */
function paceBeside(world: AuditWorld, account: Account, search: SearchProtocol): Pace {
  const run = { ...world.clock, attempt: 1 };
  const alone = paceOf(run, search.callsPerMinute);
  const beside = paceOf(run, BESIDE_COLLECTOR);
  return {
    async turn() {
      await alone.turn();
      if (await world.isCollecting(account)) await beside.turn();
    },
    called() {
      alone.called();
      beside.called();
    },
  };
}
