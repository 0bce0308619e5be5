import { expect } from 'vitest';
import { PROVIDERS } from '../../../src/contracts/scrapers.ts';
import type { ProviderName } from '../../../src/contracts/scrapers.ts';
import { SIMULATOR_PASSWORD } from '../../../src/contracts/simulator-credentials.ts';
import { ending, until } from '../../support/scrapes.ts';
import { startBatch } from '../world.ts';
import type { KillCase, KillContext } from './kill-case.ts';
import { expectOneTask, startDataForSeo, startOne } from './list-cases.ts';
import { expectOneJob } from './scrape-cases.ts';
import type { InOtherCases } from './scrape-cases.ts';

/** Each form of a result is one more call, and one more file. */
function variantCase(point: 'check:variant-received' | 'check:variant-stored'): KillCase {
  return {
    point,
    provider: 'dataforseo',
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

const OF_DATAFORSEO: Record<
  Exclude<InOtherCases, 'submit:answer-journalled'> | 'sweep:duplicate-written',
  KillCase
> = {
  'check:variant-received': variantCase('check:variant-received'),
  'check:variant-stored': variantCase('check:variant-stored'),
  'check:posts-cleared': {
    point: 'check:posts-cleared',
    provider: 'dataforseo',
    posts: true,
    worker: { speed: 60 },
    start: (context) => startDataForSeo(context, 'check:posts-cleared'),
    expectEnd: expectOneTask,
  },
  'sweep:duplicate-written': {
    point: 'sweep:duplicate-written',
    provider: 'dataforseo',
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

/** The receipt finds the disk full, so that the workflow has it written later. */
function diskFullCase(provider: ProviderName): KillCase {
  const point = 'submit:answer-journalled';
  return {
    point,
    provider,
    worker: { speed: 60, diskFull: { from: 'submit:answer-received', until: 'submit:receipt-written' } },
    start: (context) => startOne(context, provider, point),
    expectEnd: provider === 'dataforseo' ? expectOneTask : expectOneJob,
  };
}

/** Everybody is busy: nothing is bought, and every scrape asks again and again. */
async function keepBusy({ world, key, prompt }: KillContext, provider: ProviderName): Promise<void> {
  const times = { length: 100 };
  if (provider === 'scrapellm') {
    const steps = Array.from(times, () => ({ fault: 'error-503' as const }));
    await world.control.script({ on: 'submit', key, steps });
    return;
  }
  const steps = Array.from(times, () => ({ fault: 'root-error' as const, code: 40_202 }));
  await world.control.dataforseo.script({ on: 'call', call: 'task_post', keyword: prompt, steps });
}

async function untilRefused({ world }: KillContext, scrapeId: string): Promise<void> {
  await until(
    async () => (await world.store.journal.read(scrapeId, 1))?.refused !== undefined,
    'a purchase was refused',
  );
}

/** Bought by the call, and by the page. */
const OF_A_BATCH = { scrapellm: 'scrapellm/grok', dataforseo: 'dataforseo/google-images' } as const;

/** Enough for both of its scrapes. */
const CEILING = { scrapellm: { maxCredits: 6 }, dataforseo: { maxUsd: 0.01 } } as const;

function batchCase(
  point: 'batch:planned' | 'batch:ceiling-written' | 'batch:record-written',
  provider: ProviderName,
): KillCase {
  return {
    point,
    provider,
    worker: { speed: 60 },
    start: ({ space, prompt, taskQueue, login: name }) =>
      startBatch(
        space,
        { name, prompts: [prompt, `${prompt}?`], scrapers: [OF_A_BATCH[provider]], ...CEILING[provider] },
        taskQueue,
      ),
    async expectEnd({ world, key, login }, handle) {
      const record = await handle.result();
      const { jobs, dataforseo } = await world.control.ledger();
      const [own, tasks] = [
        jobs.filter((job) => job.key === key),
        dataforseo.tasks.filter((task) => task.login === login),
      ];
      const usdMicros = tasks.reduce((sum, task) => sum + task.chargedMicros, 0);
      const charge = provider === 'scrapellm' ? { credits: 6 } : { usdMicros };
      expect([own.length, tasks.length]).toEqual(provider === 'scrapellm' ? [2, 0] : [0, 2]);
      expect(record).toMatchObject({ total: 2, counts: { done: 2 }, charge });
      expect(await world.store.batches.readRecord(handle.workflowId)).toMatchObject({ counts: { done: 2 } });
    },
  };
}

function cancelCases(provider: ProviderName): KillCase[] {
  return [
    {
      point: 'cancel:withdrawn',
      provider,
      async start(context) {
        await keepBusy(context, provider);
        return startOne(context, provider, 'cancel:withdrawn');
      },
      async whileItRuns(context, handle) {
        await untilRefused(context, handle.workflowId);
        await handle.cancel();
      },
      async expectEnd(context, handle) {
        await expect(handle.result()).rejects.toThrow(/cancelled/i);
        await expectNothingBought(context);
        const record = await context.world.store.records.read(handle.workflowId);
        expect(record).toMatchObject({ outcome: 'cancelled', charge: {}, possiblySpent: {} });
      },
    },
    {
      point: 'cancel:marked',
      provider,
      async start(context) {
        await keepBusy(context, provider);
        const prompts = [{ id: 'one', prompt: context.prompt }];
        const input = { name: context.login, prompts, scrapers: [OF_A_BATCH[provider]] };
        return startBatch(context.space, input, context.taskQueue);
      },
      async whileItRuns(context, handle) {
        await untilRefused(context, `${handle.workflowId}/one/${OF_A_BATCH[provider]}/1`);
        await handle.cancel();
      },
      async expectEnd(context, handle) {
        await expect(handle.result()).rejects.toThrow(/cancelled/i);
        await expectNothingBought(context);
        const record = await context.world.store.batches.readRecord(handle.workflowId);
        expect(record?.counts).toMatchObject({ cancelled: 1, open: 0 });
      },
    },
  ];
}

async function expectNothingBought({ world, prompt }: KillContext): Promise<void> {
  expect((await world.control.ledger(prompt)).jobs).toEqual([]);
  expect((await world.control.dataforseo.ledger({ keyword: prompt })).tasks).toEqual([]);
}

/** Points that need more than a scrape of one form, and those of a batch and of a cancel. */
export const OTHER_CASES: KillCase[] = [
  ...Object.values(OF_DATAFORSEO),
  ...PROVIDERS.flatMap((provider) => [
    diskFullCase(provider),
    batchCase('batch:planned', provider),
    batchCase('batch:ceiling-written', provider),
    batchCase('batch:record-written', provider),
    ...cancelCases(provider),
  ]),
];
