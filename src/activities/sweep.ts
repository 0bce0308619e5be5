import type { SearchWindow } from '../contracts/collector.ts';
import type { Intent, Submission } from '../contracts/journal.ts';
import type { ProviderName } from '../contracts/scrapers.ts';
import type { Sweep, SweptPurchase } from '../contracts/sweep.ts';
import { paceOf } from '../lists/pace.ts';
import type { Clock, Pace } from '../lists/pace.ts';
import { readPurchases } from '../lists/read-purchases.ts';
import { endpointOf } from '../providers/account.ts';
import type { Account } from '../providers/account.ts';
import type { SearchProtocol } from '../providers/provider.ts';
import { PROVIDERS_BY_NAME } from '../providers/registry.ts';
import { adopt } from './adopt.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailures } from './failure-table.ts';
import { asCallFailures } from './free-calls.ts';
import { collectorAccount } from './purchase.ts';
import type { Hint } from './tell-of-tasks.ts';

export interface SweepInput {
  provider: ProviderName;
  account: string;
  family: string;
  windows: SearchWindow[];
}

/** What a sweep did, for the UI. */
export interface SweepResult {
  calls: number;
  purchases: number;
  adopted: number;
}

/** What a sweep needs of Temporal. */
export interface SweepRun extends Clock {
  attempt: number;
  hint: Hint;
}

/**
 * Looks through a provider's list of purchases for those whose answer was lost, and keeps what it saw as evidence. A kill
 * before a window's evidence is written (`sweep:answered`, `sweep:adopted`) means that the window is searched again, which
 * adopts the same purchases; after it (`sweep:written`) too, and one more piece of evidence says the same. Nothing is
 * bought here, and absence is concluded from whole evidence alone (`search-decision.ts`).
 */
export async function sweep(deps: ActivityDeps, input: SweepInput, run: SweepRun): Promise<SweepResult> {
  return asFailures(async () => {
    const account = collectorAccount(deps, input);
    const { search } = PROVIDERS_BY_NAME[input.provider];
    const result: SweepResult = { calls: 0, purchases: 0, adopted: 0 };
    if (!search) return result;
    const pace = paceOf(run, search.callsPerMinute);
    for (const window of input.windows) {
      const swept = await sweepWindow(deps, { account, search, pace, run, window });
      await deps.fault('sweep:answered');
      let buyerOffMs = 0;
      const own: Sweep['own'] = {};
      for (const [tag, purchases] of Object.entries(swept.sweep.own)) {
        const submission = await deps.store.journal.findByTag(tag);
        if (!submission || !isKnown(submission, purchases)) own[tag] = purchases;
        if (!submission) continue;
        buyerOffMs = Math.max(buyerOffMs, offTime(submission.intent, purchases, swept.sweep.clockOffsetMs));
        if (await adoptSettled(deps, run, submission, purchases)) result.adopted += 1;
      }
      await deps.store.sweeps.write({ ...swept.sweep, own, ...(buyerOffMs > 0 && { buyerOffMs }) });
      await deps.fault('sweep:written');
      result.calls += swept.calls;
      result.purchases += Object.keys(swept.sweep.own).length;
    }
    return result;
  });
}

interface Sweeping {
  account: Account;
  search: SearchProtocol;
  pace: Pace;
  run: SweepRun;
  window: SearchWindow;
}

async function sweepWindow(
  deps: ActivityDeps,
  { account, search, pace, run, window }: Sweeping,
): Promise<{ sweep: Sweep; calls: number }> {
  const { journal } = deps.store;
  const read = await asCallFailures(deps, account, 'list of purchases', () =>
    readPurchases(deps.http, { account, search, pace, run, window }),
  );
  const own: Record<string, SweptPurchase[]> = {};
  for (const { tag, taskId, postedAt, charge, ended } of read.rows) {
    if (tag !== undefined && journal.isOwn(tag)) {
      (own[tag] ??= []).push({ taskId, postedAt, charge, ...(ended && { ended }) });
    }
  }
  const newestOwn = latest(Object.values(own).flat());
  const unmarked = read.rows.filter(({ tag }) => tag === undefined);
  const [from, to] = [earliest(unmarked), latest(unmarked)];
  return {
    calls: read.calls,
    sweep: {
      provider: account.provider,
      account: account.name,
      endpoint: endpointOf(account),
      owner: search.ownerOf(account),
      family: window.family,
      from: new Date(read.fromMs).toISOString(),
      to: new Date(read.toMs).toISOString(),
      begunAt: new Date(read.begunAtMs).toISOString(),
      clockOffsetMs: read.clockOffsetMs,
      complete: read.complete,
      ...(newestOwn !== undefined && { newestOwn }),
      ...(from !== undefined && to !== undefined && { unmarked: { from, to } }),
      own,
    },
  };
}

/** True if a lost purchase was found. One whose answer may still be on its way is left to who sent it. */
async function adoptSettled(
  deps: ActivityDeps,
  run: SweepRun,
  submission: Submission,
  purchases: readonly SweptPurchase[],
): Promise<boolean> {
  if (!submission.receipt && run.wall() < Date.parse(submission.intent.settledBy)) return false;
  if (isKnown(submission, purchases)) return false;
  const adopted = await adopt(deps, submission, purchases);
  // A word that is lost costs time: whoever waits reads the journal again.
  if (adopted) await run.hint(adopted.scrapeId, adopted.taskId).catch(() => false);
  return adopted !== undefined;
}

/** Whether the journal says all that is shown of it: then nobody waits for this, and evidence stays small without it. */
function isKnown({ receipt, duplicates = [] }: Submission, purchases: readonly SweptPurchase[]): boolean {
  const noted = new Set([receipt?.taskId, ...duplicates.map(({ taskId }) => taskId)]);
  return purchases.every(({ taskId }) => noted.has(taskId));
}

/** How far these purchases lie outside of the time that the intent leaves for them, milliseconds. */
function offTime(
  { createdAt, settledBy }: Intent,
  purchases: readonly SweptPurchase[],
  clockOffsetMs: number,
): number {
  return purchases.reduce((most, { postedAt }) => {
    const atMs = Date.parse(postedAt) - clockOffsetMs;
    return Math.max(most, Date.parse(createdAt) - atMs, atMs - Date.parse(settledBy));
  }, 0);
}

function latest(purchases: ReadonlyArray<{ postedAt: string }>): string | undefined {
  return purchases
    .map(({ postedAt }) => postedAt)
    .reduce<string | undefined>(
      (last, at) => (last === undefined || Date.parse(at) > Date.parse(last) ? at : last),
      undefined,
    );
}

function earliest(purchases: ReadonlyArray<{ postedAt: string }>): string | undefined {
  return purchases
    .map(({ postedAt }) => postedAt)
    .reduce<string | undefined>(
      (first, at) => (first === undefined || Date.parse(at) < Date.parse(first) ? at : first),
      undefined,
    );
}
