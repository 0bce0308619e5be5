import { expect } from 'vitest';
import type { WorkflowHandle } from '@temporalio/client';
import type { LIST_FAULT_POINTS } from '../../../src/activities/fault-points.ts';
import type { ProviderName } from '../../../src/contracts/scrapers.ts';
import { ending } from '../../support/scrapes.ts';
import { startScrape } from '../world.ts';
import type { KillCase, KillContext } from './kill-case.ts';

type ListPoint = (typeof LIST_FAULT_POINTS)[number];

/** What becomes of the purchase's answer, so that the point is reached. */
const FAULTS: Record<Exclude<ListPoint, 'sweep:duplicate-written'>, 'none' | 'drop-before' | 'drop-after'> = {
  'collect:listed': 'none',
  'collect:kept': 'drop-after',
  'collect:told': 'none',
  'sweep:answered': 'drop-after',
  'sweep:adopted': 'drop-after',
  'sweep:written': 'drop-after',
  // What was taken is settled by the sweep; what was not, by who waits for it.
  'reconcile:settled': 'drop-before',
  'reconcile:post-adopted': 'drop-after',
  'resend:answered': 'none',
};

/** Points that only a worker to which the provider posts comes to. */
const POSTED: readonly ListPoint[] = ['reconcile:post-adopted', 'resend:answered'];

/** A scrape of DataForSEO whose lists and searches die at each step: bought once, collected, every dollar named. */
export const LIST_CASES = (Object.keys(FAULTS) as Array<keyof typeof FAULTS>).map(
  // spelled out above
  (point): KillCase => ({
    point,
    provider: 'dataforseo',
    posts: POSTED.includes(point),
    worker: {
      speed: 60,
      // Short, so that a search that missed what the provider took would be taken for proof, and buy a second time.
      proof: { aloneAfterMs: 4_000, askAgainMs: 2_000 },
    },
    async start(context) {
      const steps = [{ fault: FAULTS[point] }];
      const { prompt, world } = context;
      await world.control.dataforseo.script({ on: 'call', call: 'task_post', keyword: prompt, steps });
      // Only the list of what is ready shows it in time.
      const hidden = { faults: ['searched-late' as const], ms: 60_000, durationMs: 500 };
      if (point === 'collect:kept') {
        await world.control.dataforseo.script({ on: 'task', keyword: prompt, steps: [hidden] });
      }
      return startDataForSeo(context, point);
    },
    expectEnd: expectOneTask,
  }),
);

export function startDataForSeo(
  { space, prompt, taskQueue }: KillContext,
  point: string,
  params?: Record<string, string>,
): Promise<WorkflowHandle> {
  return space.client.workflow.start('scrapeWorkflow', {
    taskQueue,
    workflowId: `scrape/test/${point}`,
    args: [{ scraper: 'dataforseo/google-organic', prompt, ...(params && { params }) }],
  });
}

/** A scrape by itself, of either provider. */
export function startOne(
  context: KillContext,
  provider: ProviderName,
  name: string,
): Promise<WorkflowHandle> {
  const { space, prompt, taskQueue } = context;
  return provider === 'dataforseo'
    ? startDataForSeo(context, name)
    : startScrape(space, { prompt, taskQueue });
}

export async function expectOneTask({ world, prompt }: KillContext, handle: WorkflowHandle): Promise<void> {
  const { record } = await ending(handle);
  const { tasks } = await world.control.dataforseo.ledger({ keyword: prompt });
  expect(tasks).toHaveLength(1);
  expect(record).toMatchObject({
    outcome: 'done',
    submissions: 1,
    charge: { usdMicros: tasks[0]?.chargedMicros },
    possiblySpent: {},
  });
}
