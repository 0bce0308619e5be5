import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { BatchRecord } from '../../contracts/batch.ts';
import type { Charge } from '../../contracts/money.ts';
import type { LedgerJob } from '../../simulator/ledger.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { Store } from '../../store/store.ts';
import { readCollected } from './collected.ts';
import { checkMoney, readFacts, readTaskFacts, type LedgerFacts, type MoneyCheck } from './ledger-facts.ts';

/** Everything measured about one side of the comparison. */
export interface Side extends LedgerFacts {
  /** `GET /jobs/{id}` calls that the provider counted. */
  looks: number;
  answers: number;
}

/** Gleaner's own books, and the provider's if it shows them. */
type Money = MoneyCheck | Omit<MoneyCheck, 'ledger' | 'agree'>;

export interface GleanerFacts {
  /** With ScrapeLLM's own books; absent where it shows none (`--live`). */
  side?: Side;
  /** Credits. */
  money: Money;
  /** What was bought of DataForSEO, in micro-dollars; absent where nothing was. */
  tasks?: { facts: LedgerFacts; money: MoneyCheck };
}

/** Where a provider's books stood before the batch. */
export interface Stand {
  atMs: number;
  looks: number;
}

export function standOf(simulator: Simulator): Stand {
  return { atMs: simulator.sim.clock.nowMs(), looks: countLooks(simulator) };
}

/** What Gleaner's store says of a batch and, if it is ours, the provider's ledger beside it. */
export async function gleanerFacts(options: {
  store: Store;
  record: BatchRecord;
  provider?: { simulator: Simulator; before: Stand };
}): Promise<GleanerFacts> {
  const { store, record, provider } = options;
  const own = { money: ownMoney(record, 'credits') };
  if (!provider) return own;
  const { simulator, before } = provider;
  const collected = await readCollected(store, record.batchId);
  const ledger = simulator.sim.ledger();
  const jobs = ledger.jobs.filter((job) => Date.parse(job.createdAt) >= before.atMs);
  const facts = readFacts(jobs, collected);
  const answers = jobs.filter(({ jobId }) => collected.has(jobId)).length;
  const side = { ...facts, looks: countLooks(simulator) - before.looks, answers };
  // Tasks say when they were posted in whole seconds.
  const sinceMs = Math.floor(before.atMs / 1000) * 1000;
  const tasks = ledger.dataforseo.tasks.filter(({ postedAt }) => Date.parse(postedAt) >= sinceMs);
  const taskFacts = readTaskFacts(tasks, collected);
  return {
    side,
    money: checkMoney(own.money, facts.cost),
    ...(tasks.length > 0 && {
      tasks: { facts: taskFacts, money: checkMoney(ownMoney(record, 'usdMicros'), taskFacts.cost) },
    }),
  };
}

function ownMoney(
  { charge, refundExpected, possiblySpent }: BatchRecord,
  currency: keyof Charge,
): Omit<MoneyCheck, 'ledger' | 'agree'> {
  return {
    charged: charge[currency] ?? 0,
    refundExpected: refundExpected[currency] ?? 0,
    possiblySpent: possiblySpent[currency] ?? 0,
  };
}

/** What the plain script bought and has, by the ledger of its own provider and its results file. */
export function plainFacts(simulator: Simulator, key: string, collected: ReadonlySet<string>): Side {
  const jobs: LedgerJob[] = simulator.sim.ledger().jobs.filter((job) => job.key === key);
  return { ...readFacts(jobs, collected), looks: countLooks(simulator), answers: collected.size };
}

function countLooks(simulator: Simulator): number {
  return simulator.sim.summary().calls['GET /jobs/{job_id}'] ?? 0;
}

/** Temporal lists workflows some tens of milliseconds late. */
const VISIBILITY_TIMEOUT_MS = 5_000;

/** How many scrapes of the batch Temporal lists; undefined where it does not know our search attributes. */
export async function countWorkflows(
  client: Client,
  batchId: string,
  expected: number,
): Promise<number | undefined> {
  const deadline = Date.now() + VISIBILITY_TIMEOUT_MS;
  const query = `BatchId = '${batchId}' AND WorkflowType = 'scrapeWorkflow' AND ExecutionStatus != 'Running'`;
  try {
    for (;;) {
      const { count } = await client.workflow.count(query);
      if (count >= expected || Date.now() > deadline) return count;
      await sleep(200);
    }
  } catch {
    return undefined;
  }
}
