import { PROOF_TIMING } from '../../src/activities/deps.ts';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import type { BatchInput, BatchRecord } from '../../src/contracts/batch.ts';
import type { Submission } from '../../src/contracts/journal.ts';
import type { CallStep, TaskFault } from '../../src/simulator/dataforseo/faults.ts';
import type { LedgerTask } from '../../src/simulator/dataforseo/ledger.ts';
import { simulatedDataForSeo } from './accounts.ts';
import { newBatch, startBatch } from './batches.ts';
import { createSystem } from './system.ts';
import type { TestSystem } from './system.ts';

/** Looks come a second apart: tests of pages are about the buying. */
const TIME_SCALE = 1_000;
const DURATION_MS = 500;

/** The simulated list of purchases does not lag. */
const FAST_PROOF = { ...PROOF_TIMING, witnessedAfterMs: 2_000, aloneAfterMs: 4_000, askAgainMs: 1_000 };

/** A system with accounts of both providers, and what tests of pages ask of it. */
export interface PageSystem extends TestSystem {
  startAllWorkers(overrides?: Partial<ActivityDeps>): Promise<void>;
  run(input: BatchInput): Promise<BatchRecord>;
  /** What DataForSEO really made for the prompts of a batch. */
  tasksOf(input: BatchInput): Promise<LedgerTask[]>;
  /** The first submission of the batch's n-th scrape, from 0. */
  submissionOf(input: BatchInput, index: number): Promise<Submission | undefined>;
  /** How many purchases DataForSEO was asked for. */
  posts(): Promise<number>;
  scriptPosts(...steps: CallStep[]): Promise<unknown>;
  scriptTask(
    input: BatchInput,
    index: number,
    step: { faults: TaskFault[]; code?: number },
  ): Promise<unknown>;
  /** While `body` runs, tasks take this long. */
  withDuration<T>(durationMs: number, body: () => Promise<T>): Promise<T>;
}

export async function createPageSystem(): Promise<PageSystem> {
  const system = await createSystem(
    {
      knobs: { attemptFailureRate: 0, durationMs: DURATION_MS },
      dataforseo: { knobs: { durationMs: DURATION_MS } },
    },
    { proof: FAST_PROOF },
  );
  const { dataforseo } = system.control;
  const startAllWorkers: PageSystem['startAllWorkers'] = async (overrides = {}) => {
    await system.startWorkers(overrides, [
      system.account,
      simulatedDataForSeo(system.simulator.url, TIME_SCALE),
    ]);
  };
  await system.stopWorkers();
  await startAllWorkers();
  return {
    ...system,
    startAllWorkers,
    run: async (input) => (await (await startBatch(system, input)).result()) as BatchRecord,
    tasksOf: async (input) => {
      const { tasks } = await dataforseo.ledger();
      return tasks.filter(({ keyword }) => textsOf(input).includes(keyword));
    },
    submissionOf: async ({ name }, index) => {
      const rows = await system.store.batches.readPage(`batch/${name}`, 1).catch(() => []);
      const row = rows[index];
      return row && system.store.journal.read(row.scrapeId, 1);
    },
    posts: async () => (await dataforseo.calls()).calls.filter(({ call }) => call === 'task_post').length,
    scriptPosts: (...steps) => dataforseo.script({ on: 'call', call: 'task_post', steps }),
    scriptTask: (input, index, step) =>
      dataforseo.script({ on: 'task', keyword: textsOf(input)[index] ?? '', steps: [step] }),
    withDuration: async (durationMs, body) => {
      await dataforseo.setKnobs({ durationMs });
      try {
        return await body();
      } finally {
        await dataforseo.setKnobs({ durationMs: DURATION_MS });
      }
    },
  };
}

let asked = 0;

/** Prompts that no other test uses. */
export function questions(howMany: number): string[] {
  asked += 1;
  return Array.from({ length: howMany }, (_, n) => `red kettle ${asked}-${n}`);
}

/** A batch of one DataForSEO scraper with prompts of its own. */
export function dataForSeoBatch(prompts: number, input: Partial<BatchInput> = {}): BatchInput {
  return newBatch({ scrapers: ['dataforseo/google-images'], prompts: questions(prompts), ...input });
}

function textsOf({ prompts = [] }: BatchInput): string[] {
  return prompts.filter((prompt) => typeof prompt === 'string');
}
