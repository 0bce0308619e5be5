import { ApplicationFailure } from '@temporalio/common';
import { check } from '../../src/activities/check.ts';
import { conclude } from '../../src/activities/conclude.ts';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import type { PageRow } from '../../src/activities/page-row.ts';
import type { SubmitResult } from '../../src/activities/purchase.ts';
import { reconcile } from '../../src/activities/reconcile.ts';
import { submit } from '../../src/activities/submit.ts';
import { submitPage } from '../../src/activities/submit-page.ts';
import type { OpenSubmission, Receipt } from '../../src/contracts/journal.ts';
import type { PageOutcome } from '../../src/contracts/page-purchase.ts';
import type { ScrapeRecord } from '../../src/contracts/scrape.ts';
import { toRef } from '../../src/contracts/to-ref.ts';
import type { World } from './world.ts';

/** What a scrape does next, and when; as `scrapeWorkflow` decides it. */
type Next =
  | { kind: 'submit'; n: number }
  | { kind: 'settle'; n: number; sinceMs: number }
  | { kind: 'look'; receipt: Receipt }
  | { kind: 'ended'; record: ScrapeRecord };

export interface Life {
  row: PageRow;
  next: Next;
  dueAtMs: number;
  /** From the time at which it could be settled until it was, for every answer that was lost; milliseconds. */
  settledAfterMs: number[];
  absent: number;
}

/** As often as a scrape may be bought; a purchase that was proven not to be made counts. */
const MAX_SUBMISSIONS = 10;
/** A killed worker is noticed by the heartbeat that does not come. */
const HEARTBEAT_MS = 10_000;

/** Buys a page as a partition does: once, and again after a kill. */
export async function buyPage(world: World, rows: PageRow[]): Promise<Life[]> {
  for (;;) {
    const outcomes = await tried(world, (deps) => submitPage(deps, { rows }));
    if (outcomes.kind === 'result') {
      return rows.map((row, index) => begin(world, row, outcomes.result[index] ?? { kind: 'alone' }));
    }
    world.time.skip(outcomes.waitMs);
  }
}

function begin(world: World, row: PageRow, outcome: PageOutcome): Life {
  const life: Life = {
    row,
    next: { kind: 'submit', n: 1 },
    dueAtMs: world.time.now(),
    settledAfterMs: [],
    absent: 0,
  };
  if (outcome.kind === 'receipt') lookAt(life, outcome.receipt);
  if (outcome.kind === 'unknown') settleLater(life, outcome.open);
  return life;
}

function lookAt(life: Life, receipt: Receipt): void {
  life.next = { kind: 'look', receipt };
}

function settleLater(life: Life, { n, settledBy }: Pick<OpenSubmission, 'n' | 'settledBy'>): void {
  const sinceMs = Date.parse(settledBy);
  life.next = { kind: 'settle', n, sinceMs };
  life.dueAtMs = sinceMs;
}

/** One activity of a scrape that is due. */
export async function step(world: World, life: Life): Promise<void> {
  const { next } = life;
  const { scrapeId, input } = life.row;
  const ref = toRef(scrapeId, input);
  switch (next.kind) {
    case 'submit': {
      const said = await tried(world, (deps) => submit(deps, { ref, input, n: next.n }));
      if (said.kind === 'result') return take(world, life, next.n, said.result);
      if (said.lost) settleLater(life, said.lost);
      else life.dueAtMs = world.time.now() + said.waitMs;
      return;
    }
    case 'settle': {
      const said = await tried(world, (deps) => reconcile(deps, { ref, n: next.n }));
      if (said.kind === 'again') return void (life.dueAtMs = world.time.now() + said.waitMs);
      life.settledAfterMs.push(world.time.now() - next.sinceMs);
      return take(world, life, next.n, said.result);
    }
    case 'look': {
      const looking = { ref, receipt: next.receipt, mayResubmit: false };
      const said = await tried(world, (deps) => check(deps, looking, 2));
      if (said.kind === 'again') return void (life.dueAtMs = world.time.now() + said.waitMs);
      if (said.result.kind !== 'ended') throw new Error(`${scrapeId}: ${said.result.kind}`);
      life.next = { kind: 'ended', record: said.result.record };
      return;
    }
    case 'ended':
      return;
  }
}

async function take(world: World, life: Life, n: number, result: SubmitResult): Promise<void> {
  life.dueAtMs = world.time.now();
  switch (result.kind) {
    case 'receipt':
      return lookAt(life, result.receipt);
    case 'stored':
      return void (life.next = { kind: 'ended', record: result.record });
    case 'absent':
      life.absent += 1;
      if (n < MAX_SUBMISSIONS) return void (life.next = { kind: 'submit', n: n + 1 });
      return end(world, life, 'refused');
    case 'unknown':
      return end(world, life, 'unknown');
    case 'ended':
    case 'refused':
      throw new Error(`${life.row.scrapeId}: ${result.kind} was not expected`);
  }
}

async function end(world: World, life: Life, outcome: 'refused' | 'unknown'): Promise<void> {
  const refs = [toRef(life.row.scrapeId, life.row.input)];
  for (;;) {
    const said = await tried(world, (deps) => conclude(deps, { refs, ending: { outcome } }));
    if (said.kind === 'again') continue;
    const [record] = said.result;
    if (record) life.next = { kind: 'ended', record };
    return;
  }
}

type Tried<T> =
  | { kind: 'result'; result: T }
  /** The activity is run again after this, unless its answer was lost. */
  | { kind: 'again'; waitMs: number; lost?: OpenSubmission };

async function tried<T>(world: World, run: (deps: ActivityDeps) => Promise<T>): Promise<Tried<T>> {
  try {
    const result = await world.attempt(run);
    // No activity answers undefined: it was killed.
    return result === undefined ? { kind: 'again', waitMs: HEARTBEAT_MS } : { kind: 'result', result };
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    if (error.type === 'SubmitOutcomeUnknown') {
      return { kind: 'again', waitMs: 0, lost: error.details?.[0] as OpenSubmission }; // openIntentFailure puts it there
    }
    if (error.nonRetryable) throw error;
    return { kind: 'again', waitMs: Number(error.nextRetryDelay ?? 5_000) };
  }
}
