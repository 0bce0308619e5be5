import { expect } from 'vitest';
import { SIMULATOR_PASSWORD } from '../../../src/contracts/simulator-credentials.ts';
import { ending, until } from '../../support/scrapes.ts';
import { startBatch, startScrape } from '../world.ts';
import type { KillCase, KillContext } from './kill-case.ts';
import { expectOneTask, startDataForSeo } from './list-cases.ts';
import type { InOtherCases } from './scrape-cases.ts';

/** Each form of a result is one more call, and one more file. */
function variantCase(point: 'check:variant-received' | 'check:variant-stored'): KillCase {
  return {
    point,
    worker: { speed: 1_000 },
    start: (context) => startDataForSeo(context, point, { variants: 'advanced,regular,html' }),
    async expectEnd({ world, prompt }, handle) {
      const { type, record } = await ending(handle);
      expect(type).toBe('completed');
      expect(record).toMatchObject({ outcome: 'done', charge: { usdMicros: 600 }, possiblySpent: {} });
      expect(record?.result?.variants?.map(({ variant }) => variant)).toEqual(['regular', 'html']);
      for (const form of record?.result?.variants ?? []) await world.store.results.readRaw(form);
      const { tasks } = await world.control.dataforseo.ledger({ keyword: prompt });
      // The first form is asked for again, and the second one too; nothing is bought again.
      expect(tasks).toMatchObject([{ fetched: { advanced: 2, regular: 2, html: 1 } }]);
    },
  };
}

const OF_SCRAPES: Record<InOtherCases | 'sweep:duplicate-written', KillCase> = {
  'check:variant-received': variantCase('check:variant-received'),
  'check:variant-stored': variantCase('check:variant-stored'),
  'check:posts-cleared': {
    point: 'check:posts-cleared',
    posts: true,
    worker: { speed: 60 },
    start: (context) => startDataForSeo(context, 'check:posts-cleared'),
    expectEnd: expectOneTask,
  },
  'submit:answer-journalled': {
    point: 'submit:answer-journalled',
    // The receipt finds the disk full, so that the workflow has it written later.
    worker: { diskFull: { from: 'submit:answer-received', until: 'submit:receipt-written' } },
    start: ({ space, prompt, taskQueue }) => startScrape(space, { prompt, taskQueue }),
    async expectEnd({ world, prompt }, handle) {
      const { record } = await ending(handle);
      expect((await world.control.ledger(prompt)).jobs).toMatchObject([{ collected: 1 }]);
      expect(record).toMatchObject({ outcome: 'done', charge: { credits: 3 }, possiblySpent: {} });
    },
  },
  'sweep:duplicate-written': {
    point: 'sweep:duplicate-written',
    worker: { speed: 60, proof: { askAgainMs: 2_000 } },
    async start(context) {
      const { world, prompt } = context;
      // Somebody has bought the same under the mark of ours: it is paid for, so it has to be on record.
      await postUnderItsMark(context, `scrape/test/sweep:duplicate-written`);
      const steps = [{ fault: 'drop-after' as const }];
      await world.control.dataforseo.script({ on: 'call', call: 'task_post', keyword: prompt, steps });
      return startDataForSeo(context, 'sweep:duplicate-written');
    },
    async expectEnd({ world, prompt }, handle) {
      const { record } = await ending(handle);
      const { tasks } = await world.control.dataforseo.ledger({ keyword: prompt });
      expect(tasks).toHaveLength(2);
      const [submission] = await world.store.journal.readAll(handle.workflowId);
      const known = [
        submission?.receipt?.taskId,
        ...(submission?.duplicates ?? []).map(({ taskId }) => taskId),
      ];
      expect(new Set(known)).toEqual(new Set(tasks.map(({ id }) => id)));
      expect(record).toMatchObject({ outcome: 'done', submissions: 1 });
    },
  },
};

async function postUnderItsMark({ world, login, prompt }: KillContext, scrapeId: string): Promise<void> {
  const task = {
    keyword: prompt,
    location_code: 2840,
    language_code: 'en',
    tag: world.store.journal.tag(scrapeId, 1),
  };
  const answer = await fetch(`${world.simulatorUrl}/v3/serp/google/organic/task_post`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${btoa(`${login}:${SIMULATOR_PASSWORD}`)}`,
    },
    body: JSON.stringify([task]),
  });
  expect(await answer.json()).toMatchObject({ tasks: [{ status_code: 20_100 }] });
}

/** Everybody is busy: nothing is bought, and every scrape asks again and again. */
async function keepBusy({ world, key }: KillContext): Promise<void> {
  const steps = Array.from({ length: 100 }, () => ({ fault: 'error-503' as const }));
  await world.control.script({ on: 'submit', key, steps });
}

async function untilRefused({ world }: KillContext, scrapeId: string): Promise<void> {
  await until(
    async () => (await world.store.journal.read(scrapeId, 1))?.refused !== undefined,
    'a purchase was refused',
  );
}

function batchCase(point: 'batch:planned' | 'batch:ceiling-written' | 'batch:record-written'): KillCase {
  return {
    point,
    start: ({ space, prompt, taskQueue }) =>
      startBatch(
        space,
        {
          name: point.replace(':', '-'),
          prompts: [prompt, `${prompt}?`],
          scrapers: ['scrapellm/grok'],
          maxCredits: 6,
        },
        taskQueue,
      ),
    async expectEnd({ world, key }, handle) {
      expect(await handle.result()).toMatchObject({ total: 2, counts: { done: 2 }, charge: { credits: 6 } });
      const { jobs } = await world.control.ledger();
      expect(jobs.filter((job) => job.key === key)).toHaveLength(2);
      expect(await world.store.batches.readRecord(handle.workflowId)).toMatchObject({ counts: { done: 2 } });
    },
  };
}

const OF_BATCHES: KillCase[] = [
  batchCase('batch:planned'),
  batchCase('batch:ceiling-written'),
  batchCase('batch:record-written'),
  {
    point: 'cancel:withdrawn',
    async start(context) {
      await keepBusy(context);
      return startScrape(context.space, { prompt: context.prompt, taskQueue: context.taskQueue });
    },
    async whileItRuns(context, handle) {
      await untilRefused(context, handle.workflowId);
      await handle.cancel();
    },
    async expectEnd({ world, prompt }, handle) {
      await expect(handle.result()).rejects.toThrow(/cancelled/i);
      expect((await world.control.ledger(prompt)).jobs).toEqual([]);
      const record = await world.store.records.read(handle.workflowId);
      expect(record).toMatchObject({ outcome: 'cancelled', charge: {}, possiblySpent: {} });
    },
  },
  {
    point: 'cancel:marked',
    async start(context) {
      await keepBusy(context);
      const prompts = [{ id: 'one', prompt: context.prompt }];
      const input = { name: 'cancel-marked', prompts, scrapers: ['scrapellm/grok'] };
      return startBatch(context.space, input, context.taskQueue);
    },
    async whileItRuns(context, handle) {
      await untilRefused(context, 'batch/cancel-marked/one/scrapellm/grok/1');
      await handle.cancel();
    },
    async expectEnd({ world, prompt }, handle) {
      await expect(handle.result()).rejects.toThrow(/cancelled/i);
      expect((await world.control.ledger(prompt)).jobs).toEqual([]);
      const record = await world.store.batches.readRecord(handle.workflowId);
      expect(record?.counts).toMatchObject({ cancelled: 1, open: 0 });
    },
  },
];

/** Points that need more than a scrape of one form, and those of a batch and of a cancel. */
export const OTHER_CASES: KillCase[] = [...Object.values(OF_SCRAPES), ...OF_BATCHES];
