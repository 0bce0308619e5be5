import { expect } from 'vitest';
import { PAGE_FAULT_POINTS } from '../../../src/activities/fault-points.ts';
import type { BatchRecord } from '../../../src/contracts/batch.ts';
import type { CallStep } from '../../../src/simulator/dataforseo/faults.ts';
import { counts } from '../../support/batches.ts';
import { startBatch } from '../world.ts';
import type { KillCase } from './kill-case.ts';

const ROWS = 4;

/** The simulated list of purchases does not lag: a purchase that it does not show soon was not made. */
const FAST_PROOF = { witnessedAfterMs: 2_000, aloneAfterMs: 4_000, askAgainMs: 2_000 };

/** What becomes of the POST, so that the point is reached. */
const STEPS: Partial<Record<(typeof PAGE_FAULT_POINTS)[number], CallStep>> = {
  // The answer is held back, so that the worker dies between its request and the answer.
  'page:request-sent': { fault: 'slow', ms: 5_000 },
  'page:refusal-written': { fault: 'root-error', code: 40_202 },
};

/** A page of DataForSEO that dies at each step: nothing bought twice, nothing lost; what was in doubt, a search settles. */
export const PAGE_CASES = PAGE_FAULT_POINTS.map(pageCase);

function pageCase(point: (typeof PAGE_FAULT_POINTS)[number]): KillCase {
  const name = point.replace(':', '-');
  const prompts = Array.from({ length: ROWS }, (_, n) => `kettle ${n} of ${point}`);
  return {
    point,
    provider: 'dataforseo',
    worker: { proof: FAST_PROOF, speed: 1_000 },
    async start({ world, space, taskQueue }) {
      const step = STEPS[point];
      const keyword = prompts[0] ?? '';
      if (step)
        await world.control.dataforseo.script({ on: 'call', call: 'task_post', keyword, steps: [step] });
      return startBatch(space, { name, prompts, scrapers: ['dataforseo/google-images'] }, taskQueue);
    },
    async expectEnd({ world, login }, handle) {
      const record = (await handle.result()) as BatchRecord;
      expect(record.counts).toEqual(counts({ done: ROWS }));
      expect(record.possiblySpent).toEqual({});
      const ledger = await world.control.dataforseo.ledger();
      const tasks = ledger.tasks.filter((task) => task.login === login);
      expect(tasks.map(({ keyword }) => keyword).sort()).toEqual(prompts);
      expect(tasks.filter(({ firstCollectedAt }) => firstCollectedAt === null)).toEqual([]);
      expect(record.charge.usdMicros).toBe(tasks.reduce((sum, task) => sum + task.chargedMicros, 0));
    },
  };
}
