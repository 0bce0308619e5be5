import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { BatchRecord } from '../../contracts/batch.ts';
import type { LedgerJob } from '../../simulator/ledger.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { Store } from '../../store/store.ts';
import { readCollected } from './collected.ts';
import { checkMoney, readFacts, type LedgerFacts, type MoneyCheck } from './ledger-facts.ts';

/** Everything measured about one side of the comparison. */
export interface Side extends LedgerFacts {
  /** `GET /jobs/{id}` calls that the provider counted. */
  looks: number;
  answers: number;
}

export interface GleanerFacts {
  /** With the provider's own books; absent where it shows none (`--live`). */
  side?: Side;
  money: MoneyCheck | Omit<MoneyCheck, 'ledger' | 'agree'>;
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
  const own = {
    charged: record.charge.credits ?? 0,
    refundExpected: record.refundExpected.credits ?? 0,
    possiblySpent: record.possiblySpent.credits ?? 0,
  };
  if (!provider) return { money: own };
  const { simulator, before } = provider;
  const collected = await readCollected(store, record.batchId);
  const jobs = simulator.sim.ledger().jobs.filter((job) => Date.parse(job.createdAt) >= before.atMs);
  const facts = readFacts(jobs, collected);
  const side = { ...facts, looks: countLooks(simulator) - before.looks, answers: collected.size };
  return { side, money: checkMoney(own, facts.credits) };
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
