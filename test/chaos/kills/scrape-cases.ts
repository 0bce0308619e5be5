import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { WorkflowHandle } from '@temporalio/client';
import type { SCRAPE_FAULT_POINTS } from '../../../src/activities/fault-points.ts';
import type { Answer } from '../../../src/contracts/answer.ts';
import type { ScrapeRecord } from '../../../src/contracts/scrape.ts';
import { ending } from '../../support/scrapes.ts';
import { startScrape } from '../world.ts';
import type { ChaosWorld } from '../world.ts';
import type { KillCase, KillContext } from './kill-case.ts';

/** What must be true after a death there, of a provider that cannot be searched: how many jobs the provider made, how often it gave its answer, how it ends. */
interface Expected {
  jobs: 0 | 1;
  /** Once more than needed if the answer was not yet kept; never again after the verdict. */
  collected?: 1 | 2;
  outcome: 'done' | 'unknown';
}

type ScrapePoint = (typeof SCRAPE_FAULT_POINTS)[number];
/** Only tasks with several forms, posts or a full disk come there (other-cases.ts). */
export type InOtherCases =
  | 'check:variant-received'
  | 'check:variant-stored'
  | 'check:posts-cleared'
  | 'submit:answer-journalled';

/** What any scrape comes to, of either provider. */
export type PlainPoint = Exclude<ScrapePoint, InOtherCases>;

const EXPECTED: Record<PlainPoint | 'reconcile:settled', Expected> = {
  'submit:before-intent': { jobs: 1, collected: 1, outcome: 'done' },
  'submit:after-intent': { jobs: 0, outcome: 'unknown' },
  'submit:request-sent': { jobs: 1, outcome: 'unknown' },
  'submit:answer-received': { jobs: 1, outcome: 'unknown' },
  'submit:receipt-written': { jobs: 1, collected: 1, outcome: 'done' },
  'submit:refusal-written': { jobs: 1, collected: 1, outcome: 'done' },
  'check:answer-received': { jobs: 1, collected: 2, outcome: 'done' },
  'check:result-stored': { jobs: 1, collected: 2, outcome: 'done' },
  'check:verdict-written': { jobs: 1, collected: 1, outcome: 'done' },
  'check:record-written': { jobs: 1, collected: 1, outcome: 'done' },
  'check:ended': { jobs: 1, collected: 1, outcome: 'done' },
  // Nobody can tell whether it was bought, and that is written once.
  'reconcile:settled': { jobs: 1, outcome: 'unknown' },
};

const MONEY = {
  done: { charge: { credits: 3 }, possiblySpent: {} },
  unknown: { charge: {}, possiblySpent: { credits: 3 } },
};

/** A scrape of ScrapeLLM that dies at each step of its life: bought at most once, collected, every credit named. */
export const SCRAPE_CASES = (Object.keys(EXPECTED) as Array<keyof typeof EXPECTED>).map(scrapeCase); // spelled out above

function scrapeCase(point: keyof typeof EXPECTED): KillCase {
  const expected = EXPECTED[point];
  return {
    point,
    provider: 'scrapellm',
    async start({ world, space, key, prompt, taskQueue }) {
      // The answer is held back, so that the worker dies between its request and the answer.
      if (point === 'submit:request-sent')
        await world.control.script({ on: 'submit', key, steps: [{ fault: 'slow', ms: 5_000 }] });
      if (point === 'submit:refusal-written')
        await world.control.script({ on: 'submit', key, steps: [{ fault: 'error-503' }] });
      if (point === 'reconcile:settled')
        await world.control.script({ on: 'submit', key, steps: [{ fault: 'reset-after' }] });
      return startScrape(space, { prompt, taskQueue });
    },
    async expectEnd({ world, prompt }, handle) {
      const { type, record } = await ending(handle);
      const { jobs } = await world.control.ledger(prompt);
      expect(jobs).toHaveLength(expected.jobs);
      expect(await world.store.records.read(handle.workflowId)).toEqual(record);
      expect(type).toBe(expected.outcome === 'done' ? 'completed' : 'unknown');
      expect(record).toMatchObject({
        outcome: expected.outcome,
        submissions: 1,
        ...MONEY[expected.outcome],
      });
      expect(jobs[0]?.collected ?? 0).toBe(expected.collected ?? 0);
      const body = { job_id: jobs[0]?.jobId, status: 'done' };
      if (expected.outcome !== 'done') return;
      expect((await expectCollected(world, record, body))?.text).not.toBe('');
    },
  };
}

/** Bought once, collected, and every credit named. */
export async function expectOneJob({ world, prompt }: KillContext, handle: WorkflowHandle): Promise<void> {
  const { record } = await ending(handle);
  expect((await world.control.ledger(prompt)).jobs).toMatchObject([{ collected: 1 }]);
  expect(record).toMatchObject({ outcome: 'done', submissions: 1, ...MONEY.done });
}

/** The stored body is that of the purchase, and what the record says of it is true. */
export async function expectCollected(
  world: ChaosWorld,
  record: ScrapeRecord | undefined,
  body: object,
): Promise<Answer | undefined> {
  const ref = record?.result;
  if (!ref) throw new Error('the record has no result');
  const raw = await world.store.results.readRaw(ref);
  expect(createHash('sha256').update(raw).digest('hex')).toBe(ref.sha256);
  expect(JSON.parse(new TextDecoder().decode(raw))).toMatchObject(body);
  const answer = await world.store.results.readAnswer(ref);
  expect(answer).toBeDefined();
  return answer;
}
