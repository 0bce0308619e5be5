import { expect } from 'vitest';
import type { CallStep } from '../../../src/simulator/dataforseo/faults.ts';
import type { KillCase } from './kill-case.ts';
import { expectOneTask, startDataForSeo } from './list-cases.ts';
import { expectCollected } from './scrape-cases.ts';
import type { PlainPoint } from './scrape-cases.ts';

/** What must be true after a death there, of a provider whose list of purchases can be searched: nothing stays in doubt. */
interface Expected {
  /** What the search showed of the purchase whose answer was lost: it is taken up, or another submission buys. */
  search?: 'found' | 'absent';
  /** How often the answer was fetched at least: once more than needed if it was not yet kept. */
  fetched: 1 | 2;
}

const EXPECTED: Record<PlainPoint, Expected> = {
  'submit:before-intent': { fetched: 1 },
  'submit:after-intent': { search: 'absent', fetched: 1 },
  'submit:request-sent': { search: 'found', fetched: 1 },
  'submit:answer-received': { search: 'found', fetched: 1 },
  'submit:receipt-written': { fetched: 1 },
  'submit:refusal-written': { fetched: 1 },
  'check:answer-received': { fetched: 2 },
  'check:result-stored': { fetched: 2 },
  'check:verdict-written': { fetched: 1 },
  'check:record-written': { fetched: 1 },
  'check:ended': { fetched: 1 },
};

/** What becomes of the purchase's call, so that the point is reached. */
const STEPS: Partial<Record<PlainPoint, CallStep>> = {
  // The answer is held back, so that the worker dies between its request and the answer.
  'submit:request-sent': { fault: 'slow', ms: 5_000 },
  'submit:refusal-written': { fault: 'root-error', code: 40_202 },
};

/** A scrape of DataForSEO, started alone, that dies at each step of its life: bought once, collected, every dollar named. */
export const SEARCHED_CASES = (Object.keys(EXPECTED) as PlainPoint[]).map(searchedCase); // spelled out above

function searchedCase(point: PlainPoint): KillCase {
  const { search, fetched } = EXPECTED[point];
  return {
    point,
    provider: 'dataforseo',
    // Short, so that a search that missed what the provider took would be taken for proof, and buy a second time.
    worker: { speed: 60, proof: { aloneAfterMs: 4_000, askAgainMs: 2_000 } },
    async start(context) {
      const { dataforseo } = context.world.control;
      const keyword = context.prompt;
      const step = STEPS[point];
      if (step) await dataforseo.script({ on: 'call', call: 'task_post', keyword, steps: [step] });
      // It has ended before anybody looks, so that the first look is the one that is told of it.
      await dataforseo.script({ on: 'task', keyword, steps: [{ durationMs: 0 }] });
      return startDataForSeo(context, point);
    },
    async expectEnd(context, handle) {
      await expectOneTask(context, handle);
      const { world, prompt } = context;
      const [task] = (await world.control.dataforseo.ledger({ keyword: prompt })).tasks;
      const record = await world.store.records.read(handle.workflowId);
      await expectCollected(world, record, { tasks: [{ id: task?.id, status_code: 20_000 }] });
      // Whoever is told by a list may look beside who looks by itself.
      expect(task?.fetched.advanced).toBeGreaterThanOrEqual(fetched);
      const submissions = await world.store.journal.readAll(handle.workflowId);
      const bought = { receipt: { taskId: task?.id }, verdict: { outcome: 'done' } };
      const nothing = { unknown: { absent: true, possiblySpent: {} } };
      expect(submissions).toMatchObject(search === 'absent' ? [nothing, bought] : [bought]);
      // Or the answer was not lost, and this would be another case.
      const { calls } = await world.control.dataforseo.calls();
      const isSearched = calls.some(({ login, call }) => login === context.login && call === 'id_list');
      expect(isSearched).toBe(search !== undefined);
    },
  };
}
