import { vendorTime } from '../clock.ts';
import type { Desk } from './desk.ts';
import type { FamilyName, Variant } from './families.ts';
import type { DataForSeoKnobs } from './knobs.ts';
import { codeOf, isDone, refundedMicros, type Task } from './task.ts';

/** What one task cost and what became of it. Times are ISO 8601, simulator clock; money is micro-USD. */
export interface LedgerTask {
  id: string;
  login: string;
  family: FamilyName;
  tag: string;
  keyword: string;
  foreign: boolean;
  /** What a GET would be told now: 40602, 40601, 20000 or how it failed. */
  code: number;
  chargedMicros: number;
  refundedMicros: number;
  /** Has a refund due that never comes. */
  refundWithheldMicros: number;
  postedAt: string;
  /** When the end was there to be fetched; null before. */
  readyAt: string | null;
  /** When a GET was first told the end. */
  firstCollectedAt: string | null;
  /** How often each variant was fetched after the end. */
  fetched: Record<Variant, number>;
  /** Calls to the client's addresses, and those of them that failed. `skipped`: lost before they were made. */
  callbacks: { sent: number; failed: number; skipped: boolean };
}

interface LedgerTotals {
  tasks: number;
  chargedMicros: number;
  refundedMicros: number;
  done: number;
  failed: number;
  pending: number;
  /** Ended tasks of which a GET was told. */
  collected: number;
  foreignTasks: number;
  /** Tasks of somebody else's that a GET was told of: no well-behaved client does that. */
  foreignCollected: number;
}

/** The authoritative books: what was really bought, whatever clients believe. */
export interface DataForSeoLedger {
  tasks: LedgerTask[];
  /** Without foreign tasks, but for the last two. */
  totals: LedgerTotals;
  /** Tags of more than one task of ours. */
  repeatedTags: Record<string, number>;
}

export interface LedgerFilter {
  tag?: string | undefined;
  keyword?: string | undefined;
  family?: string | undefined;
  /** Foreign tasks are counted, and listed only if this is set. */
  foreign?: boolean | undefined;
}

/** The provider in short. Counts of calls are of this run; everything else outlives a restart. */
export interface DataForSeoSummary {
  /** Micro-USD. */
  balances: Record<string, number>;
  totals: LedgerTotals;
  calls: Record<string, number>;
  peaksPerMinute: Record<string, number>;
  limitViolations: Record<string, number>;
  scriptedSteps: Record<string, number>;
  knobs: DataForSeoKnobs;
}

/** Reads the books, oldest task first. */
export function readLedger(desk: Desk, filter: LedgerFilter = {}): DataForSeoLedger {
  const tasks = [...desk.state.tasks.values()].filter((task) => isAsked(task, filter));
  const own = tasks.filter((task) => !task.foreign);
  const shown = filter.foreign === true ? tasks : own;
  return {
    tasks: shown.map((task) => describe(desk, task)),
    totals: addUp(desk, tasks),
    repeatedTags: repeatedTags(own),
  };
}

export function readSummary(desk: Desk): DataForSeoSummary {
  const { state, clock, traffic } = desk;
  const balances = state.wallets
    .logins()
    .map((login) => [login, state.wallets.balance(login, clock.nowMs())]);
  return {
    balances: Object.fromEntries(balances),
    totals: addUp(desk, [...state.tasks.values()]),
    calls: traffic.counts,
    peaksPerMinute: traffic.peaks(),
    limitViolations: traffic.violations,
    scriptedSteps: desk.scripts.remaining(),
    knobs: desk.knobs,
  };
}

function isAsked(task: Task, { tag, keyword, family }: LedgerFilter): boolean {
  return (
    (tag === undefined || task.tag === tag) &&
    (keyword === undefined || task.keyword === keyword) &&
    (family === undefined || task.family === family)
  );
}

function describe({ state, clock }: Desk, task: Task): LedgerTask {
  const nowMs = clock.nowMs();
  const { fetched, firstCollectedAtMs, attempts, callbackSkipped } = state.dealings(task.id);
  const { id, login, family, tag, keyword, foreign } = task;
  return {
    id,
    login,
    family,
    tag,
    keyword,
    foreign,
    code: codeOf(task, nowMs),
    chargedMicros: task.costMicros,
    refundedMicros: refundedMicros(task, nowMs),
    refundWithheldMicros: task.refundDelayMs === null ? task.refundMicros : 0,
    postedAt: vendorTime(task.postedAtMs),
    readyAt: task.doneAtMs !== null && isDone(task, nowMs) ? vendorTime(task.doneAtMs) : null,
    firstCollectedAt: firstCollectedAtMs === undefined ? null : vendorTime(firstCollectedAtMs),
    fetched,
    callbacks: {
      sent: attempts.length,
      failed: attempts.filter(({ ok }) => !ok).length,
      skipped: callbackSkipped,
    },
  };
}

function addUp({ state, clock }: Desk, tasks: readonly Task[]): LedgerTotals {
  const nowMs = clock.nowMs();
  const totals: LedgerTotals = {
    tasks: 0,
    chargedMicros: 0,
    refundedMicros: 0,
    done: 0,
    failed: 0,
    pending: 0,
    collected: 0,
    foreignTasks: 0,
    foreignCollected: 0,
  };
  for (const task of tasks) {
    const collected = state.dealings(task.id).firstCollectedAtMs === undefined ? 0 : 1;
    if (task.foreign) {
      totals.foreignTasks += 1;
      totals.foreignCollected += collected;
      continue;
    }
    totals.tasks += 1;
    totals.chargedMicros += task.costMicros;
    totals.refundedMicros += refundedMicros(task, nowMs);
    totals.collected += collected;
    totals[isDone(task, nowMs) ? (task.endCode === 20_000 ? 'done' : 'failed') : 'pending'] += 1;
  }
  return totals;
}

function repeatedTags(tasks: readonly Task[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { tag } of tasks) if (tag !== '') counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return Object.fromEntries([...counts].filter(([, count]) => count > 1));
}
